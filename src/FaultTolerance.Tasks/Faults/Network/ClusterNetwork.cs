using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Runs;

namespace FaultTolerance.Faults.Network;

/// <summary>By a NetworkFault, which the cluster carries out itself and ends at its deadline: the local cluster serves them.</summary>
internal sealed class ClusterNetwork : INetworkMeans
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public string Word => "object";

    /// <summary>Whether a cluster serves them.</summary>
    public static async Task<bool> IsServedAsync(ClusterSession session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await session.ServedTypeAsync(ResourceType.NetworkFaults, cancellation) is not null;
    }

    /// <inheritdoc/>
    public Task<string?> RefusalAsync(ClusterSession session, FaultOptions options, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public async Task ApplyAsync(FaultContext context, string name, NetworkEffect effect, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(effect);
        var spec = effect.Spec.DeepClone().AsObject();
        spec["pods"] = new JsonArray(context.Target.Name);
        spec["until"] = RunClock.Format(context.Deadline ?? context.Timeline.Clock.Now);
        if (effect.From is { } from)
        {
            spec["from"] = ServiceLabels.Selector(ServiceLabels.Of(from.Name, context.Watch.Pods));
        }

        await context.Session.CreateAsync(ResourceType.NetworkFaults, new JsonObject
        {
            ["apiVersion"] = ResourceType.NetworkFaults.ApiVersion,
            ["kind"] = ResourceType.NetworkFaults.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name, ["labels"] = new JsonObject { [GraphLabels.ManagedBy] = GraphLabels.ManagedByValue },
            },
            ["spec"] = spec,
        }, cancellation);
    }

    /// <inheritdoc/>
    public async Task<NetworkCounts?> CountsAsync(FaultContext context, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var item = await context.Session.FindAsync<JsonObject>(ResourceType.NetworkFaults, name, cancellation);
        return item?["status"] is JsonObject status
            ? new NetworkCounts(Number(status, "droppedPackets"), Number(status, "delayedPieces"), Number(status, "resetConnections"))
            : null;
    }

    /// <inheritdoc/>
    public async Task<string> EndAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(undo);
        var name = undo["name"]!.GetValue<string>();
        await session.DeleteAsync(ResourceType.NetworkFaults, name, default, cancellation);
        while (await session.FindAsync<JsonObject>(ResourceType.NetworkFaults, name, cancellation) is not null)
        {
            await Task.Delay(Look, session.Time, cancellation);
        }

        return "the cluster's NetworkFault is gone";
    }

    private static long Number(JsonObject status, string key) =>
        status[key] is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;
}
