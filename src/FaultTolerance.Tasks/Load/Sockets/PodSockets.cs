using System.Net.Sockets;
using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Sockets;

/// <summary>Connections to frontends at their own addresses, and what it means where one cannot be made.</summary>
internal sealed class PodSockets : IDisposable
{
    private readonly SocketLoops _sockets = new();

    /// <summary>Opens one.</summary>
    /// <exception cref="TransportException">It could not be made.</exception>
    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        try
        {
            return await _sockets
                .ConnectAsync(endpoint.BaseAddress.DnsSafeHost, endpoint.BaseAddress.Port, cancellation)
                .ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new TransportException(
                OutcomeOf(e.SocketErrorCode), $"{endpoint.Pod} at {endpoint.BaseAddress.Authority}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sockets.Dispose();

    // A pod that is gone takes its address with it: no route then means the same as nobody listening.
    private static Outcome OutcomeOf(SocketError error) =>
        error switch
        {
            SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.HostDown or SocketError.ConnectionReset =>
                Outcome.Refused,
            SocketError.TimedOut => Outcome.ConnectTimeout,
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => Outcome.Dns,
            _ => Outcome.Transport,
        };
}
