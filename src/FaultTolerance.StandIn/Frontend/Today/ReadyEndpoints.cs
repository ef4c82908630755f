using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Frontend.Today;

/// <summary>
/// Discovery by Kubernetes as a real frontend does it: a worker counts while its pod is a ready endpoint of a slice and its card is there.
/// What the connections tell goes on to the table; what the pods themselves say of their readiness does not.
/// </summary>
internal sealed class ReadyEndpoints(IWorkerDiscovery table) : IWorkerDiscovery
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _ready = new(StringComparer.Ordinal);

    /// <summary>Takes the slices.</summary>
    public IResourceSink Slices => field ??= new Part(this, ReadyPods);

    /// <summary>Takes the cards.</summary>
    public IResourceSink Cards => field ??= new Part(this, Owners);

    public void Registered(string uid, ReadyNotice notice, GenerationClient client) => table.Registered(uid, notice, client);

    public void KeptLease(string uid, GenerationClient client) => table.KeptLease(uid, client);

    public void Left(string uid, LinkLoss loss) => table.Left(uid, loss);

    public void PodReady(string uid, bool ready)
    {
        // The slices say it.
    }

    private static IEnumerable<string> ReadyPods(JsonObject slice) =>
        (slice["endpoints"] as JsonArray ?? [])
            .Where(endpoint => endpoint?["conditions"]?["ready"] is not JsonValue ready || !ready.TryGetValue<bool>(out var isReady) || isReady)
            .Select(endpoint => Text(endpoint?["targetRef"]?["uid"]))
            .OfType<string>();

    private static IEnumerable<string> Owners(JsonObject card) =>
        (card["metadata"]?["ownerReferences"] as JsonArray ?? []).Select(owner => Text(owner?["uid"])).OfType<string>();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private void Look()
    {
        var both = ((Part)Slices).Pods.Intersect(((Part)Cards).Pods, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        foreach (var uid in _ready.Except(both, StringComparer.Ordinal).ToList())
        {
            _ready.Remove(uid);
            table.PodReady(uid, ready: false);
        }

        foreach (var uid in both.Where(_ready.Add))
        {
            table.PodReady(uid, ready: true);
        }
    }

    /// <summary>Objects of one kind, and the pods that each names.</summary>
    private sealed class Part(ReadyEndpoints whole, Func<JsonObject, IEnumerable<string>> podsOf) : IResourceSink
    {
        private readonly Dictionary<string, IReadOnlyList<string>> _objects = new(StringComparer.Ordinal);

        public IEnumerable<string> Pods => _objects.Values.SelectMany(static pods => pods);

        public void Replace(IReadOnlyList<JsonObject> items) => Change(() =>
        {
            _objects.Clear();
            foreach (var item in items)
            {
                _objects[NameOf(item)] = [.. podsOf(item)];
            }
        });

        public void Put(JsonObject item) => Change(() => _objects[NameOf(item)] = [.. podsOf(item)]);

        public void Remove(JsonObject item) => Change(() => _objects.Remove(NameOf(item)));

        private static string NameOf(JsonObject item) => Text(item["metadata"]?["name"]) ?? "";

        private void Change(Action change)
        {
            lock (whole._gate)
            {
                change();
                whole.Look();
            }
        }
    }
}
