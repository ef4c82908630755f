using FaultTolerance.Cluster;
using FaultTolerance.Faults;
using FaultTolerance.Graphs;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks;

/// <summary>The rights that scenarios need together.</summary>
internal static class RunPermissions
{
    /// <summary>
    /// Those of every run, those of the kinds of fault and checks that are used, and those to deploy and remove objects of the types; each
    /// once.
    /// </summary>
    public static IReadOnlyList<Permission> Of(IEnumerable<Scenario> scenarios, IEnumerable<Graph> graphs) =>
    [
        .. Permission.ForRuns
            .Concat(FaultKinds.Standard.PermissionsOf(scenarios.Select(scenario => scenario.Failure)))
            .Concat(scenarios.Any(row => CheckCatalog.Default.ServicesFor(CheckNeed.Processes, row.Checks) is not null)
                ? Permission.ToExec : [])
            .Concat(scenarios.Any(row => row.Load.Pods > 0) ? Permission.ForPodLoads : [])
            .Concat(graphs.SelectMany(graph => graph.Rights))
            .Concat(graphs.Select(graph => graph.Kind).Distinct().SelectMany(kind =>
                FaultKinds.Standard.PermissionsOn(scenarios.Select(scenario => scenario.Failure), kind)))
            .Distinct(),
    ];
}
