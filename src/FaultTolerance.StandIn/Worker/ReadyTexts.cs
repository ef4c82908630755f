using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Worker;

/// <summary>What a worker logs when it takes requests: the text that upstream's version of it writes.</summary>
internal static class ReadyTexts
{
    public static void Write(ConsoleLog log, StandInSettings settings, WorkerOptions options)
    {
        if (settings.Today is { Texts: ReleaseTexts.Released })
        {
            log.Info(
                "dynamo_runtime::pipeline::network::ingress::shared_tcp_endpoint",
                $"Registered endpoint '{settings.DynamoNamespace ?? "dynamo"}.{(options.Role == Wire.WorkerRole.Prefill ? "prefill" : "backend")}.generate' with shared TCP server on {settings.PodIp}:{settings.RequestPort}");
            log.Info("log", $"worker for {options.Model} has been initialized");
            return;
        }

        log.Info("dynamo.vllm", $"main.init: VllmWorker for {options.Model} has been initialized");
    }
}
