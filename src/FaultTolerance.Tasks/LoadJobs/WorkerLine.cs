using System.Text.Json;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Load;
using FaultTolerance.Load.Workers;

namespace FaultTolerance.LoadJobs;

/// <summary>The runner's line to a worker: a port-forward, made again where it broke. For one caller at a time.</summary>
/// <param name="session">The cluster; the caller's.</param>
/// <param name="pod">The worker's pod.</param>
/// <param name="token">The plan's token, by which the worker knows its runner.</param>
internal sealed class WorkerLine(ClusterSession session, string pod, string token) : IAsyncDisposable
{
    // An answer is a glance and a piece of logs; more than this means that nobody is there.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private const int LongestLine = 64 << 20;
    private Stream? _stream;
    private WorkerLines? _lines;

    /// <summary>Asks, and returns the answer with the bytes that follow it.</summary>
    /// <exception cref="IOException">The line broke; the next call makes another.</exception>
    public async Task<(WorkerAnswer Answer, byte[][] Pieces)> AskAsync(WorkerAsk ask, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ask);
        using var limit = new CancellationTokenSource(Limit, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            _stream ??= await PortForwardTransport.ConnectAsync(session, pod, WorkerForm.Port, both.Token);
            _lines ??= new WorkerLines(_stream, LongestLine);
            await WorkerLines.WriteAsync(_stream, ask with { Token = token }, both.Token);
            var line = await _lines.ReadAsync(both.Token) ?? throw new IOException("the line ended");
            var answer = JsonSerializer.Deserialize<WorkerAnswer>(line.Span, WorkerForm.Json) ?? throw new IOException("an empty answer");
            var pieces = new byte[answer.Pieces.Length][];
            for (var i = 0; i < pieces.Length; i++)
            {
                pieces[i] = await _lines.ReadAsync(answer.Pieces[i], both.Token);
            }

            return (answer, pieces);
        }
        catch (Exception e) when (e is IOException or TransportException or ClusterException or JsonException or OperationCanceledException)
        {
            await DropAsync();
            cancellation.ThrowIfCancellationRequested();
            throw e as IOException ?? new IOException(
                e is OperationCanceledException ? $"no answer within {Limit.TotalSeconds:0} s" : e.Message, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => DropAsync();

    private async ValueTask DropAsync()
    {
        var stream = _stream;
        (_stream, _lines) = (null, null);
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }
    }
}
