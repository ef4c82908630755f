using FaultTolerance.Collection;
using FaultTolerance.Results.Checks.Kinds;
using FaultTolerance.Scenarios;
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
        string[] counted =
            [.. session.Scenario.Checks.Where(check => check.Kind == ProcessCount.Word).Select(check => check.Service ?? "*")];
        var lists = counted.Length == 0 ? [] : await new ProcessLists(session.Cluster, session.Collector).CollectAsync(
            session.Watch, service => Array.Exists(counted, glob => Glob.Matches(glob, service)), cancellation);
        _problems = [.. lists, .. await session.Collector.CollectAsync(session.Watch, cancellation)];
        foreach (var problem in _problems)
        {
            Log.LogWarning(null, "FT0706", null, null, 0, 0, 0, 0, "{0}", problem.ToString());
        }
    }
}
