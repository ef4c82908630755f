using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Sharing;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>
/// Keeps a run's namespace for it until the build ends: the engine disposes what is still registered then, also when it was cancelled.
/// </summary>
/// <param name="session">The lease's own connection.</param>
/// <param name="lease">The lease.</param>
internal sealed class NamespaceHold(ClusterSession session, NamespaceLease lease) : IDisposable
{
    /// <summary>Its key among the engine's registered objects.</summary>
    public const string Key = "faultmatrix:namespace";

    /// <summary>Who took the namespace meanwhile, or null.</summary>
    public string? LostTo => lease.LostTo;

    /// <inheritdoc/>
    public void Dispose()
    {
        lease.DisposeAsync().AsTask().GetAwaiter().GetResult();
        session.Dispose();
    }
}
