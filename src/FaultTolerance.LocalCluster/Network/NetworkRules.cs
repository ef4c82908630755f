using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>
/// What is done to connections between pods: what NetworkPolicies do not let through is dropped, and what a NetworkFault of this cluster
/// says is done. A fault ends at its <c>spec.until</c>, whether anybody comes for it or not, and its object with it.
/// </summary>
/// <param name="store">Where both stand.</param>
internal sealed class NetworkRules(IObjectStore store)
{
    private readonly ConcurrentDictionary<string, WayCounters> _counters = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long, long, long)> _told = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<JsonObject> _policies = [];
    private volatile IReadOnlyList<NetworkFault> _faults = [];
    private int _news = 1;

    /// <summary>Whether something is counted just now.</summary>
    public bool Counts => _faults.Count > 0;

    /// <summary>Says that policies, faults, pods or namespaces may have changed.</summary>
    public void Look() => Interlocked.Exchange(ref _news, 1);

    /// <summary>Follows what rules depend on until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        new[] { Resources.NetworkPolicies, Resources.NetworkFaults, Resources.Namespaces, Resources.Pods }
            .Select(type => StoreWatch.RunAsync(store, type, _ => Look(), change => Heard(type, change), cancellation)));

    /// <summary>Takes in what has changed; whether something has. Ends what is overdue.</summary>
    public bool Changed(DateTimeOffset now)
    {
        var overdue = _faults.Where(fault => fault.Until <= now).ToList();
        foreach (var fault in overdue)
        {
            try
            {
                store.Remove(new ResourceId(Resources.NetworkFaults, fault.Namespace, fault.Name), fault.Uid);
            }
            catch (StoreException e) when (e.Status is 404 or 409)
            {
                // Somebody ended it.
            }
        }

        if (Interlocked.Exchange(ref _news, 0) == 0 && overdue.Count == 0)
        {
            return false;
        }

        _policies = store.List(Resources.NetworkPolicies, null).Items;
        _faults =
        [
            .. store.List(Resources.NetworkFaults, null).Items
                .Select(item => NetworkFault.Of(item, _counters.GetOrAdd(item.Uid(), _ => new WayCounters())))
                .Where(fault => fault.Until > now),
        ];
        return true;
    }

    /// <summary>What is done to connections from a pod to a pod; null is the machine.</summary>
    public WayEffect Effect(JsonObject? from, JsonObject? to, int port)
    {
        var effect = _policies.Count == 0 || NetworkPolicies.Allow(_policies, NamespaceOf, from, to, port)
            ? WayEffect.None : new WayEffect { Drop = true };
        return to is null ? effect
            : _faults.Where(fault => fault.Hits(from, to)).Aggregate(effect, (all, fault) => all.With(fault.Effect));
    }

    /// <summary>What is done to the look-ups of names in a pod.</summary>
    public WayEffect Names(JsonObject pod) => _faults.Where(fault => fault.HitsNames(pod))
        .Aggregate(WayEffect.None, (all, fault) => all.With(new WayEffect { Drop = true, Counters = fault.Effect.Counters }));

    /// <summary>Writes what faults have done so far to their status, where that is news.</summary>
    public void Tell()
    {
        foreach (var fault in _faults)
        {
            var counters = _counters[fault.Uid];
            var now = (counters.Dropped, counters.Delayed, counters.Resets);
            if (_told.TryGetValue(fault.Uid, out var before) && before == now)
            {
                continue;
            }

            _told[fault.Uid] = now;
            store.Update(new ResourceId(Resources.NetworkFaults, fault.Namespace, fault.Name), item =>
            {
                item["status"] = new JsonObject
                {
                    ["active"] = true,
                    ["droppedPackets"] = now.Dropped,
                    ["delayedPieces"] = now.Delayed,
                    ["resetConnections"] = now.Resets,
                };
                return item;
            });
        }
    }

    private JsonObject? NamespaceOf(string name) => store.Get(new ResourceId(Resources.Namespaces, "", name));

    // Statuses of pods and of faults change often, and no rule depends on them.
    private void Heard(ResourceType type, StoreEvent change)
    {
        if (type != Resources.Pods || (change.Kind != StoreEventKind.Modified && _policies.Count + _faults.Count > 0))
        {
            Look();
        }
    }
}

/// <summary>A NetworkFault, as the store has it.</summary>
internal sealed record NetworkFault(string Namespace, string Name, string Uid, DateTimeOffset Until, WayEffect Effect)
{
    private JsonObject Spec { get; init; } = [];

    /// <summary>Reads one.</summary>
    public static NetworkFault Of(JsonObject item, WayCounters counters)
    {
        ArgumentNullException.ThrowIfNull(item);
        var spec = item.Map("spec") ?? [];
        var until = DateTimeOffset.TryParse(spec.Text("until"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at : DateTimeOffset.MinValue;
        return new NetworkFault(item.Namespace(), item.Name(), item.Uid(), until, new WayEffect
        {
            Drop = spec.IsTrue("drop"),
            Reset = spec.IsTrue("reset"),
            Latency = TimeSpan.FromMilliseconds(Real(spec, "latencyMilliseconds")),
            Loss = Math.Clamp(Real(spec, "lossPercent") / 100, 0, 1),
            BytesPerSecond = (long)Real(spec, "bytesPerSecond"),
            Counters = [counters],
        })
        { Spec = spec };
    }

    /// <summary>Whether it is about connections from a pod (null: the machine) to a pod.</summary>
    public bool Hits(JsonObject? from, JsonObject to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return Has(to) && !Spec.IsTrue("names")
            && (Spec.Map("from") is not { } peers
                || (from is not null && from.Namespace() == Namespace && Selector.Matches(peers, from)));
    }

    /// <summary>Whether it is about the look-ups of names in a pod.</summary>
    public bool HitsNames(JsonObject pod) => Spec.IsTrue("names") && Has(pod);

    private bool Has(JsonObject pod) =>
        pod.Namespace() == Namespace && Spec.Items("pods")?.Any(name => name.Text() == pod.Name()) == true;

    private static double Real(JsonObject spec, string key) =>
        spec[key] is JsonValue value && double.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var real)
            ? Math.Max(0, real) : 0;
}
