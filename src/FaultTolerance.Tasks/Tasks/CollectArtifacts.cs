using FaultTolerance.Collection;
using FaultTolerance.Results.Checks;
using FaultTolerance.Tasks.Sessions;

namespace FaultTolerance.Tasks;

/// <summary>Saves what a scenario's pods leave, before anything is torn down.</summary>
public sealed class CollectArtifacts : ScenarioTask
{
    private IReadOnlyList<CollectionProblem> _problems = [];

    private protected override string Phase => "Collect";

    private protected override bool Measures => false;

    private protected override string Summary(ScenarioSession session) =>
        _problems.Count == 0 ? $"{session.Watch.Pods.Count} pods saved" : $"{_problems.Count} could not be saved";

    private protected override async System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation)
    {
        var lists = CheckCatalog.Default.ServicesFor(CheckNeed.Processes, session.Scenario.Checks) is { } counted
            ? await new ProcessLists(session.Cluster, session.Collector).CollectAsync(session.Watch, counted, cancellation) : [];
        _problems = [.. lists, .. await session.Collector.CollectAsync(session.Watch, cancellation)];
        foreach (var problem in _problems)
        {
            Log.LogWarning(null, "FT0706", null, null, 0, 0, 0, 0, "{0}", problem.ToString());
        }
    }
}
