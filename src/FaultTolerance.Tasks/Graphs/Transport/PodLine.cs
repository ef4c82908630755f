using System.Net.Sockets;
using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;

namespace FaultTolerance.Graphs.Transport;

/// <summary>
/// An idle connection into a pod, to its own address or through the API server, whichever stands first. It ends when the process that took
/// it ends, whatever the API says of the pod; but where the last packet of that process is lost with the pod's network, nobody ends it.
/// </summary>
internal sealed class PodLine : IAsyncDisposable
{
    private const int AnswerBytes = 16 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly Stream? _stream;
    private readonly string _why;

    private PodLine(Stream? stream, PodWay? way, string why) => (_stream, Way, _why) = (stream, way, why);

    /// <summary>The way it goes; null where there is none.</summary>
    public PodWay? Way { get; }

    /// <summary>Opens one; where none is to be had within a second, that is told by <see cref="EndedAsync"/>.</summary>
    /// <param name="session">The cluster; the caller's.</param>
    /// <param name="pod">The pod; its port is <see cref="GraphPod.MetricsPort"/>.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <param name="only">The way that it has to go; null for the first that stands.</param>
    public static async Task<PodLine> OpenAsync(
        ClusterSession session, GraphPod pod, CancellationToken cancellation, PodWay? only = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(pod);
        using var limit = new CancellationTokenSource(Limit, session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var ways = PodWay.All.Where(way => only is null || way == only).ToDictionary(way => way.OpenAsync(session, pod, ends.Token));
        while (ways.Count > 0)
        {
            var first = await Task.WhenAny(ways.Keys);
            ways.Remove(first, out var way);
            try
            {
                var stream = await first;
                await ends.CancelAsync();
                await Task.WhenAll(ways.Keys.Select(DropAsync));
                return new PodLine(stream, way, "");
            }
            catch (Exception e) when (e is IOException or SocketException or TransportException or OperationCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return new PodLine(null, null, $"port {pod.MetricsPort} took no connection");
    }

    /// <summary>Ends when the far end does.</summary>
    /// <exception cref="IOException">There is no connection, or it broke on the way: nothing can be seen by it.</exception>
    public async Task EndedAsync(CancellationToken cancellation)
    {
        var buffer = new byte[AnswerBytes];
        while (await ReadAsync(buffer, cancellation))
        {
            // Whatever it says, it is there.
        }
    }

    /// <summary>Asks over it, in HTTP: whether anything is answered. False where it ended without a word.</summary>
    /// <param name="pod">Whom to ask, for the question's words.</param>
    /// <param name="cancellation">Ends the waiting: no answer may be one as well.</param>
    /// <exception cref="IOException">There is no connection, or it broke on the way: nothing can be seen by it.</exception>
    public async Task<bool> AnswersAsync(GraphPod pod, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var question = Encoding.ASCII.GetBytes($"GET /live HTTP/1.1\r\nHost: {pod.Name}\r\n\r\n");
        await LookAsync(async stream =>
        {
            await stream.WriteAsync(question, cancellation);
            return true;
        });
        return await ReadAsync(new byte[AnswerBytes], cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<bool> ReadAsync(byte[] buffer, CancellationToken cancellation) =>
        LookAsync(async stream => await stream.ReadAsync(buffer, cancellation) > 0);

    // A reset by the far end is its end as well.
    private async Task<bool> LookAsync(Func<Stream, Task<bool>> look)
    {
        try
        {
            return await look(_stream ?? throw new TransportException(Outcome.Transport, _why));
        }
        catch (TransportException e) when (e.Outcome == Outcome.Transport)
        {
            throw new IOException(_stream is null ? _why : $"the connection into it broke on the way: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or SocketException or TransportException)
        {
            return false;
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
