using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Frontend.Today;

/// <summary>What a frontend logs when a model comes and goes: the released version's lines, or those of the source.</summary>
internal sealed class DiscoveryTexts(ReleaseTexts texts, string dynamoNamespace, ConsoleLog log)
{
    private const string Watcher = "dynamo_llm::discovery::watcher";
    private const string Model = "dynamo_llm::discovery::model";

    public void Added(string model)
    {
        if (texts == ReleaseTexts.Source)
        {
            log.Info(Watcher, "added model", ("model_name", model), ("namespace", dynamoNamespace));
            log.Info(Watcher, "Chat completions is ready");
            return;
        }

        log.Info(Watcher, "Chat completions is ready");
        log.Info(Watcher, "Completions is ready");
        log.Info(Model, "Adding worker set to model", ("model", model), ("namespace", dynamoNamespace));
        log.Info(Watcher, "Committed discovered model group", ("model_name", model));
    }

    public void Removed(string model)
    {
        if (texts == ReleaseTexts.Source)
        {
            log.Info(Watcher, "removed model", ("model_name", model), ("namespace", dynamoNamespace));
            return;
        }

        log.Info(Model, "Removed worker set from model", ("model", model), ("namespace", dynamoNamespace));
        log.Info(Watcher, "Removed discovered model group", ("model_name", model));
    }
}
