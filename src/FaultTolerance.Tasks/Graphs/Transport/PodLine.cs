using System.Net;
using System.Net.Sockets;
using FaultTolerance.Artefacts;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;

namespace FaultTolerance.Graphs.Transport;

/// <summary>
/// An idle connection into a pod, to its own address or through the API server, whichever stands first. It ends when the process that took
/// it
/// ends, whatever the API says of the pod.
/// </summary>
internal sealed class PodLine : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly Stream? _stream;
    private readonly string _why;

    private PodLine(Stream? stream, string why) => (_stream, _why) = (stream, why);

    /// <summary>Opens one; where none is to be had within a second, that is told by <see cref="EndedAsync"/>.</summary>
    public static async Task<PodLine> OpenAsync(ClusterSession session, GraphPod pod, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(pod);
        using var limit = new CancellationTokenSource(Limit, session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var port = pod.MetricsPort;
        List<Task<Stream>> ways = [TunnelAsync(session, pod.Name, port, ends.Token)];
        if (IPAddress.TryParse(pod.Object.Status?.PodIP, out var address))
        {
            ways.Add(DirectAsync(address, port, ends.Token));
        }

        var why = $"port {port} took no connection";
        while (ways.Count > 0)
        {
            var way = await Task.WhenAny(ways);
            ways.Remove(way);
            try
            {
                var stream = await way;
                await ends.CancelAsync();
                await Task.WhenAll(ways.Select(DropAsync));
                return new PodLine(stream, "");
            }
            catch (Exception e) when (e is IOException or SocketException or TransportException or OperationCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return new PodLine(null, why);
    }

    /// <summary>Ends when the far end does.</summary>
    /// <exception cref="IOException">There is no connection, or it broke on the way: nothing can be seen by it.</exception>
    public async Task EndedAsync(CancellationToken cancellation)
    {
        if (_stream is null)
        {
            throw new IOException(_why);
        }

        var buffer = new byte[256];
        try
        {
            while (await _stream.ReadAsync(buffer, cancellation) > 0)
            {
                // Whatever it says, it is there.
            }
        }
        catch (TransportException e) when (e.Outcome == Outcome.Transport)
        {
            throw new IOException($"the connection into it broke on the way: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or SocketException or TransportException)
        {
            // A reset by the far end is its end as well.
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<Stream> TunnelAsync(ClusterSession session, string pod, int port, CancellationToken cancellation) =>
        await PortForwardTransport.ConnectAsync(session, pod, port, cancellation);

    private static async Task<Stream> DirectAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task DropAsync(Task<Stream> way)
    {
        try
        {
            await (await way).DisposeAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or TransportException or OperationCanceledException)
        {
            // It did not come about.
        }
    }
}
