using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Grove;

/// <summary>The operator's Grove: what it watches, its own queue, and what a graph's status is read from.</summary>
internal sealed class GroveSide
{
    private readonly KubernetesApi _api;
    private readonly OperatorOptions _options;
    private readonly ConsoleLog _log;
    private readonly TimeProvider _time;
    private readonly Jitter _jitter;
    private readonly ReconcileQueue _queue;
    private readonly ObjectCache _cliques;
    private readonly ObjectCache _groups;
    private readonly ObjectCache _pods;

    /// <param name="api">The API.</param>
    /// <param name="options">Which namespaces.</param>
    /// <param name="graphChanged">Told the key of the graph whose parts are others now.</param>
    /// <param name="log">Where to log.</param>
    /// <param name="time">For pauses.</param>
    /// <param name="jitter">Spreads them.</param>
    public GroveSide(
        KubernetesApi api,
        OperatorOptions options,
        Action<string> graphChanged,
        ConsoleLog log,
        TimeProvider time,
        Jitter jitter
    )
    {
        (_api, _options, _log, _time, _jitter) = (api, options, log, time, jitter);
        GroveController? controller = null;
        _queue = new((key, cancellation) => controller!.ReconcileAsync(key, cancellation), log, time, jitter);
        Sets = new(static item => item.At("metadata", "labels", GraphLabels.Graph).Text() is { } graph ? KeyOf(item, graph) : null, graphChanged)
        {
            OnItem = item => _queue.Add(ObjectCache.KeyOf(item)),
        };
        _cliques = Part();
        _groups = Part();
        _pods = new(SetOf, _queue.Add);
        controller = new(api, options, Sets, log);

        ObjectCache Part() =>
            new(SetOf, _queue.Add)
            {
                OnItem = item =>
                {
                    if (item.At("metadata", "labels", GraphLabels.Graph).Text() is { } graph)
                    {
                        graphChanged(KeyOf(item, graph));
                    }
                },
            };
    }

    /// <summary>All PodCliqueSets.</summary>
    public ObjectCache Sets { get; }

    /// <summary>Completes when what there is has been listed.</summary>
    public Task Listed => Task.WhenAll(Sets.Listed, _cliques.Listed, _groups.Listed, _pods.Listed);

    /// <summary>Whether the cluster serves the stand-in's definitions of Grove, and not a real one's.</summary>
    public static async Task<bool> IsServedAsync(KubernetesApi api, CancellationToken cancellation) =>
        (((await api.TryGetAsync(GroveNames.Api, cancellation))?["resources"]).Array() ?? [])
            .Any(resource =>
                resource.At("name").Text() == GroveNames.Sets
                && (resource.At("categories").Array() ?? []).Any(category => category.Text() == GroveNames.Category));

    /// <summary>What a service of the graph is in Grove, and how it stands; null where it is not there yet.</summary>
    public (string Kind, string Name, JsonObject? Live) ComponentOf(GraphSpec graph, ServiceSpec service)
    {
        var name = GroveNames.OfSet(GroveNames.SetOf(graph.Name, graph.Services), GroveNames.ComponentOf(service));
        return service.NodeCount > 1
            ? ("PodCliqueScalingGroup", name, _groups.Get($"{graph.Namespace}/{name}"))
            : ("PodClique", name, _cliques.Get($"{graph.Namespace}/{name}"));
    }

    /// <summary>Watches and works until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        WatchAsync(GroveNames.Api, GroveNames.Sets, null, Sets, cancellation),
        WatchAsync(GroveNames.Api, GroveNames.Cliques, GroveNames.PartOf, _cliques, cancellation),
        WatchAsync(GroveNames.Api, GroveNames.Groups, GroveNames.PartOf, _groups, cancellation),
        WatchAsync(GraphPlan.Core, "pods", GroveNames.Clique, _pods, cancellation),
        _queue.RunAsync(cancellation));

    private static string KeyOf(JsonObject item, string name) => $"{item.At("metadata", "namespace").Text()}/{name}";

    private static string? SetOf(JsonObject item) =>
        item.At("metadata", "labels", GroveNames.PartOf).Text() is { } set ? KeyOf(item, set) : null;

    private Task WatchAsync(string group, string plural, string? selector, ObjectCache cache, CancellationToken cancellation) =>
        new ResourceWatch(_api, _options.Collection(group, plural), selector, cache, _log, _time, _jitter).RunAsync(cancellation);
}
