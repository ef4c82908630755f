using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace FaultTolerance.Load.Urls;

/// <summary>
/// A connection that speaks HTTP/2, told in HTTP/1.1: what is written to it is a request as the load makes it, what is read the answer. So
/// one way of reading and stamping answers serves both. The protocol is .NET's; it carries one request at a time, on this connection
/// alone: one that broke is not made again behind the recorder's back.
/// </summary>
internal sealed class Http2Stream : ConnectionStream
{
    private const int ChunkHead = 6;
    private const int Part = 16 * 1024;
    private readonly Pipe _answers = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly CancellationTokenSource _end = new();
    private readonly HttpMessageInvoker _client;
    private readonly Uri _origin;
    private Task _pump = Task.CompletedTask;
    private int _disposed;

    /// <summary>Speaks over a connection that stands.</summary>
    /// <param name="stream">The connection, secured where it is to be; this one's from here on.</param>
    /// <param name="watched">The same beneath TLS, which tells of its end.</param>
    /// <param name="origin">The service's address.</param>
    public Http2Stream(Stream stream, WatchedStream watched, Uri origin)
    {
        ArgumentNullException.ThrowIfNull(watched);
        _origin = origin;
        Stream? next = stream;
        _client = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                ConnectCallback = (_, _) => Interlocked.Exchange(ref next, null) is { } once
                    ? ValueTask.FromResult(once)
                    : throw new IOException("the connection was closed"),
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                AutomaticDecompression = DecompressionMethods.None,
                ActivityHeadersPropagator = null,
                PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            },
            disposeHandler: true);
        _ = EndWithAsync(watched.Ended, stream);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _pump = PumpAsync(Http2Request.Of(buffer.Span, _origin));
        return default;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await _answers.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var there = result.Buffer;
        var take = there.Slice(0, Math.Min(there.Length, buffer.Length));
        var at = 0;
        foreach (var part in take)
        {
            part.CopyTo(buffer[at..]);
            at += part.Length;
        }

        _answers.Reader.AdvanceTo(take.End);
        return at;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _ = EndAsync();
        }

        base.Dispose(disposing);
    }

    private async Task EndAsync()
    {
        // The callbacks end the request, off this thread: a timer's perhaps.
        await _end.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        await _answers.Writer.CompleteAsync(new ObjectDisposedException(nameof(Http2Stream))).ConfigureAwait(false);
        _client.Dispose();
        _end.Dispose();
    }

    // Between two answers nobody else hears that the peer is gone.
    private async Task EndWithAsync(Task ended, Stream stream)
    {
        await ended.ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        await _answers.Writer.CompleteAsync().ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task PumpAsync(HttpRequestMessage request)
    {
        try
        {
            using (request)
            {
                using var answer = await _client.SendAsync(request, _end.Token).ConfigureAwait(false);
                await AnswerAsync(answer).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await _answers.Writer.CompleteAsync(e is HttpRequestException ? new IOException((e.InnerException ?? e).Message, e) : e)
                .ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpResponseMessage answer)
    {
        var writer = _answers.Writer;
        var head = new StringBuilder($"HTTP/1.1 {(int)answer.StatusCode} .\r\nTransfer-Encoding: chunked\r\n");
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                head.Append(CultureInfo.InvariantCulture, $"{name}: {string.Join(", ", values)}\r\n");
            }
        }

        Encoding.Latin1.GetBytes(head.Append("\r\n").ToString(), writer);
        await writer.FlushAsync(_end.Token).ConfigureAwait(false);
        await using var body = await answer.Content.ReadAsStreamAsync(_end.Token).ConfigureAwait(false);
        while (true)
        {
            var memory = writer.GetMemory(ChunkHead + Part + 2);
            var read = await body.ReadAsync(memory.Slice(ChunkHead, Part), _end.Token).ConfigureAwait(false);
            Encoding.ASCII.GetBytes(read.ToString("x4", CultureInfo.InvariantCulture) + "\r\n", memory.Span);
            "\r\n"u8.CopyTo(memory.Span[(ChunkHead + read)..]);
            writer.Advance(ChunkHead + read + 2);
            await writer.FlushAsync(_end.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }
        }
    }
}
