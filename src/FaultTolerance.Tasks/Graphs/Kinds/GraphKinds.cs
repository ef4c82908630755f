using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>The kinds of graph there are, and the way from a scenario to its graph.</summary>
public static class GraphKinds
{
    /// <summary>All kinds; the first that handles a manifest takes it.</summary>
    public static IReadOnlyList<IGraphKind> All { get; } = [new DynamoGraphKind(), new PlainGraphKind()];

    /// <summary>
    /// The graph of a scenario. The same for the same scenario and cluster, so that Inject or Teardown in another process finds what Deploy made.
    /// </summary>
    public static async Task<Graph> LoadAsync(ClusterSession session, Scenario scenario, string runId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scenario);
        var (manifest, kind) = await ReadAsync(scenario, cancellation);
        var versions = kind.Group is null ? [] : await session.ServedVersionsAsync(kind.Group, cancellation);
        return kind.Build(manifest, scenario.GraphName, scenario.Deployment, new GraphOwner(runId, scenario.Name, session.Namespace), versions);
    }

    /// <summary>The graph as it would be on a cluster that serves the very versions that the manifest is written in: for plans without a cluster.</summary>
    public static async Task<Graph> LoadAsWrittenAsync(Scenario scenario, string runId, string ns, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var (manifest, kind) = await ReadAsync(scenario, cancellation);
        var versions = manifest.Documents.Select(d => d.ApiVersion[(d.ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..]).Distinct(StringComparer.Ordinal);
        return kind.Build(manifest, scenario.GraphName, scenario.Deployment, new GraphOwner(runId, scenario.Name, ns), [.. versions]);
    }

    private static async Task<(Manifest Manifest, IGraphKind Kind)> ReadAsync(Scenario scenario, CancellationToken cancellation)
    {
        var manifest = await Manifest.LoadAsync(scenario.Deployment.Manifest, cancellation);
        return (manifest, All.FirstOrDefault(k => k.Handles(manifest)) ?? throw manifest.Error(
            "FT0213", 0, "holds neither a DynamoGraphDeployment nor a Deployment"));
    }
}
