using System.Text.Json.Nodes;
using FaultTolerance.Cluster;

namespace FaultTolerance.Faults.Network;

/// <summary>A way to break the network of a pod, which ends by itself at the fault's deadline.</summary>
internal interface INetworkMeans
{
    /// <summary>Its word in an undo's note.</summary>
    string Word { get; }

    /// <summary>Why it cannot be taken in this cluster; null where it can. Changes nothing.</summary>
    Task<string?> RefusalAsync(ClusterSession session, FaultOptions options, CancellationToken cancellation);

    /// <summary>Breaks it.</summary>
    /// <param name="context">The fault.</param>
    /// <param name="name">What the fault is called there; an undo knows it.</param>
    /// <param name="effect">What is done.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="FaultMatrixException">FT06xx: it cannot be.</exception>
    Task ApplyAsync(FaultContext context, string name, NetworkEffect effect, CancellationToken cancellation);

    /// <summary>What has been counted so far; null where nothing can be read.</summary>
    Task<NetworkCounts?> CountsAsync(FaultContext context, string name, CancellationToken cancellation);

    /// <summary>Ends it, and says how that was seen. Does no harm where it has ended, or never began.</summary>
    /// <exception cref="FaultMatrixException">FT0615: it is still there.</exception>
    Task<string> EndAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation);
}

/// <summary>What is done to the connections of a pod.</summary>
/// <param name="From">The service whose connections are meant; null for everybody's.</param>
/// <param name="Spec">As a NetworkFault says it.</param>
/// <param name="Queue">As tc says it, <c>netem delay 100ms</c>; null where packets are filtered instead.</param>
/// <param name="Verdict">As nft says what becomes of packets that come in; null where they are queued instead.</param>
internal sealed record NetworkEffect(Graphs.GraphService? From, JsonObject Spec, string? Queue, string? Verdict);
