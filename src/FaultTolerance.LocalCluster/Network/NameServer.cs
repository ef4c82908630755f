using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>The name server of one pod, in its own network.</summary>
/// <param name="socket">Bound where the pod asks.</param>
/// <param name="names">The names.</param>
/// <param name="effect">What is done to answers now.</param>
internal sealed class NameServer(Socket socket, ClusterNames names, Func<WayEffect> effect) : IAsyncDisposable
{
    private const int Most = 1500;
    private readonly CancellationTokenSource _end = new();
    private Task _serving = Task.CompletedTask;

    /// <summary>A socket for it, of the calling thread's network.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(ClusterNames.Server, 53));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Begins to answer.</summary>
    public void Start() => _serving = ServeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        socket.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var buffer = new byte[Most];
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, anybody, _end.Token);
                var now = effect();
                if (now.Drop)
                {
                    now.Count(dropped: 1);
                }
                else if (NameAnswers.Of(buffer.AsSpan(0, got.ReceivedBytes), names.Find) is { } answer)
                {
                    await socket.SendToAsync(answer, got.RemoteEndPoint, _end.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The pod has ended.
        }
    }
}
