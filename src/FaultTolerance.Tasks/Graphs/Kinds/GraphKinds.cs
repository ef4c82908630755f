using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>Kinds of graph, and the way from a scenario to its graph.</summary>
/// <param name="kinds">The kinds; the first that handles a manifest takes it.</param>
internal sealed class GraphKinds(params IReadOnlyList<IGraphKind> kinds)
{
    /// <summary>The kinds that there are.</summary>
    public static GraphKinds Default { get; } = new(new DynamoGraphKind(), new PlainGraphKind());

    /// <summary>All of them.</summary>
    public IReadOnlyList<IGraphKind> All => kinds;

    /// <summary>
    /// The graph of a scenario. The same for the same scenario and cluster, so that Inject or Teardown in another process finds what Deploy
    /// made.
    /// </summary>
    public async Task<Graph> LoadAsync(ClusterSession session, Scenario scenario, string runId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scenario);
        var (manifest, kind) = await ReadAsync(scenario, cancellation);
        var served = new List<string>();
        foreach (var group in kind.Owned.Where(o => o.Version is null).Select(o => o.Group).Distinct(StringComparer.Ordinal))
        {
            served.AddRange(await session.ServedVersionsAsync(group, cancellation));
        }

        var graph = Build(kind, manifest, scenario, new GraphOwner(runId, scenario.Name, session.Namespace), served);
        return await ServedObjects.CheckAsync(session, graph, manifest.File, cancellation);
    }

    /// <summary>
    /// The graph as it would be on a cluster that serves the very versions that the manifest is written in: for plans without a cluster.
    /// </summary>
    public async Task<Graph> LoadAsWrittenAsync(Scenario scenario, string runId, string ns, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var (manifest, kind) = await ReadAsync(scenario, cancellation);
        return Build(kind, manifest, scenario, new GraphOwner(runId, scenario.Name, ns), AsWritten(manifest));
    }

    /// <summary>What is wrong in a manifest, whatever is made of it: told before anything is deployed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="graph">The graph that is meant in it; null where it holds one.</param>
    public IReadOnlyList<FaultMatrixException> FaultsOf(string path, string? graph = null)
    {
        try
        {
            var manifest = Manifest.Load(path);
            var wrong = manifest.Documents.SelectMany(d => ManifestTypes.Faults(manifest, d)).ToArray();
            if (wrong.Length > 0)
            {
                return wrong;
            }

            var kind = KindOf(manifest);
            var built = kind.Build(
                manifest,
                "check",
                new Deployment { Name = "check", Manifest = path, Graph = graph },
                new GraphOwner("check", "check", "check"),
                AsWritten(manifest)
            );
            return [.. GraphShape.Faults(manifest, built)];
        }
        catch (FaultMatrixException e)
        {
            return [e];
        }
    }

    /// <summary>
    /// The types that graphs of all kinds may consist of on this cluster, in the order of removal, pods last. Types of a group that the
    /// cluster does not serve are left out.
    /// </summary>
    public async Task<IReadOnlyList<ResourceType>> OwnedTypesAsync(ClusterSession session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var types = new List<ResourceType>();
        foreach (var owned in kinds.SelectMany(k => k.Owned).Distinct())
        {
            if (owned.Version is not null)
            {
                types.Add(owned.At(owned.Version));
            }
            else if (await session.ServedVersionsAsync(owned.Group, cancellation) is [var first, ..])
            {
                types.Add(owned.At(first));
            }
        }

        return [.. types.Where(t => t != ResourceType.Pods), ResourceType.Pods];
    }

    private static Graph Build(IGraphKind kind, Manifest manifest, Scenario scenario, GraphOwner owner, IReadOnlyList<string> served)
    {
        if (manifest.Documents.SelectMany(d => ManifestTypes.Faults(manifest, d)).FirstOrDefault() is { } wrong)
        {
            throw wrong;
        }

        var graph = kind.Build(manifest, scenario.GraphName, scenario.Deployment, owner, served);
        return graph.Objects.FirstOrDefault(o => !o.IsCompanion && !kind.Owned.Any(owned => owned.IsCreated
            && owned.Is(o.Type))) is { } stray
            ? throw new InvalidOperationException($"{kind.Name} makes a {stray.Type.Kind}, which is not among the types that it owns")
            : graph;
    }

    private async Task<(Manifest Manifest, IGraphKind Kind)> ReadAsync(Scenario scenario, CancellationToken cancellation)
    {
        var manifest = scenario.Deployment.ManifestText is { } text
            ? Manifest.Parse(scenario.Deployment.Manifest, text)
            : await Manifest.LoadAsync(scenario.Deployment.Manifest, cancellation);
        return (manifest, KindOf(manifest));
    }

    private static string[] AsWritten(Manifest manifest) =>
        [
            .. manifest
                .Documents.Select(d => d.ApiVersion[(d.ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..])
                .Distinct(StringComparer.Ordinal),
        ];

    private IGraphKind KindOf(Manifest manifest) => kinds.FirstOrDefault(k => k.Handles(manifest)) ?? throw manifest.Error(
        "FT0213", 0, "holds neither a DynamoGraphDeployment nor a Deployment");
}
