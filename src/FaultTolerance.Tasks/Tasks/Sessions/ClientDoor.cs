using FaultTolerance.Faults.Clients;
using FaultTolerance.Load;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>The load's own way to the frontends, for faults that are requests: the frontends take turns.</summary>
/// <param name="transport">The way.</param>
/// <param name="model">The model that clients ask for; null for the first that a frontend lists.</param>
internal sealed class ClientDoor(IFrontendTransport transport, string? model) : IClientDoor
{
    private int _turn;

    /// <inheritdoc/>
    public string? Model => model;

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var ready = transport.Ready;
        return ready.Count > 0
            ? transport.ConnectAsync(ready[(int)((uint)Interlocked.Increment(ref _turn) % (uint)ready.Count)], cancellation)
            : throw new IOException("no frontend pod is ready");
    }
}
