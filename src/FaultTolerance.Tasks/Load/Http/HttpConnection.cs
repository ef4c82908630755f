using System.Runtime.CompilerServices;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Sockets;

namespace FaultTolerance.Load.Http;

/// <summary>
/// One kept HTTP/1.1 connection with one request at a time. Own code, and not <c>HttpClient</c>, because this is what the
/// measurement is made of: each instant and each way to break must be seen where it happens, nothing may be retried behind the
/// recorder's back (<c>SocketsHttpHandler</c> sends again on a fresh connection when a kept one breaks before the headers), and a request
/// must cost microseconds. benchmarks/load.sh holds the figures of both.
/// </summary>
/// <remarks>
/// While the connection is idle, a read is outstanding on it. When that read ends before the next request is written, the peer
/// has closed (or spoken out of turn), and <see cref="IsStale"/> says so: nothing was sent yet, so a new connection is no retry.
/// </remarks>
internal sealed class HttpConnection(Stream stream, FrontendTarget target) : IDisposable
{
    private const int SmallBuffer = 4 * 1024;
    private const int MaxHead = 32 * 1024;
    private readonly Stream _stream = InPlace(stream);
    private byte[] _buffer = new byte[SmallBuffer];
    private int _start;
    private int _end;
    private ValueTask<int> _ahead;
    private bool _reading;
    private int _disposed;

    /// <summary>Where it leads.</summary>
    public FrontendTarget Target { get; } = target;

    /// <summary>
    /// Until when it may be used again, in ticks of the clock that the caller goes by; after that the peer may be closing it.
    /// </summary>
    public long FitUntil { get; set; } = long.MaxValue;

    /// <summary>A request before this one was answered over it.</summary>
    public bool HasServed { get; set; }

    /// <summary>Not one byte of the answer under way has come.</summary>
    public bool IsUnanswered => _end == _start;

    /// <summary>Idle, and closed by the peer or out of step: not to be used.</summary>
    public bool IsStale => _disposed != 0 || _end != _start || (_reading && _ahead.IsCompleted);

    /// <summary>Watches an idle connection: the read that would carry the next response's first bytes.</summary>
    public void Watch()
    {
        if (_reading || _end != _start)
        {
            return;
        }

        if (_buffer.Length > SmallBuffer)
        {
            _buffer = new byte[SmallBuffer];
        }

        _start = _end = 0;
#pragma warning disable CA2012 // Kept in a field to be awaited once, by whichever comes first: the next response or Dispose.
        try
        {
            _ahead = _stream.ReadAsync(_buffer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken already; the answer before it is whole all the same.
            _ahead = ValueTask.FromException<int>(e);
        }
#pragma warning restore CA2012
        _reading = true;
    }

    /// <summary>Sends a request.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> request) => _stream.WriteAsync(request);

    /// <summary>Reads the head of the final response (1xx are passed over).</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ResponseHead> ReadHeadAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var head = ResponseHead.Parse(_buffer.AsSpan(_start, end));
                _start += end + 4;
                if (head.Status >= 200)
                {
                    return head;
                }

                if (head.Status == 101)
                {
                    throw new HttpFormatException("the server switched protocols unasked");
                }

                continue;
            }

            if (_end - _start >= ForeignProtocol.Enough)
            {
                MustBeHttp();
            }

            if (_end - _start > MaxHead)
            {
                throw new HttpFormatException($"the response's head is longer than {MaxHead} bytes");
            }

            if (Took(await FillAsync().ConfigureAwait(false)) == 0)
            {
                MustBeHttp();
                throw new ConnectionClosedException(_end == _start
                    ? "the connection was closed before any byte of the response"
                    : "the connection was closed inside the response's head");
            }
        }
    }

    private void MustBeHttp()
    {
        var first = _buffer.AsSpan(_start, _end - _start);
        if (!ForeignProtocol.MayBeHttp(first))
        {
            throw new HttpFormatException(ForeignProtocol.Name(first));
        }
    }

    /// <summary>Reads a whole body; valid until the connection is used again.</summary>
    /// <param name="head">The response's head.</param>
    /// <param name="limit">Bytes above which the body is refused.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(ResponseHead head, int limit)
    {
        if (head.ContentLength > limit)
        {
            throw new HttpFormatException($"the body is longer than {limit} bytes");
        }

        // The common case lies in the buffer as it came.
        if (!head.Chunked && head.ContentLength >= 0 && head.Status is not (204 or 304))
        {
            var length = (int)head.ContentLength;
            while (_end - _start < length)
            {
                if (Took(await FillAsync(length).ConfigureAwait(false)) == 0)
                {
                    throw new ConnectionClosedException($"the connection was closed after {_end - _start} of {length} bytes of the body");
                }
            }

            var body = _buffer.AsMemory(_start, length);
            _start += length;
            return body;
        }

        var decoder = new BodyDecoder(head);
        var whole = new ByteBuffer(SmallBuffer);
        while (true)
        {
            var part = await ReadPartAsync(decoder).ConfigureAwait(false);
            decoder = part.Decoder;
            if (part.Content.IsEmpty)
            {
                return whole.WrittenMemory;
            }

            if (whole.Length + part.Content.Length > limit)
            {
                throw new HttpFormatException($"the body is longer than {limit} bytes");
            }

            whole.Append(part.Content.Span);
        }
    }

    /// <summary>Reads what there is of a body next; empty at its end. The content is valid until the next read.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(ReadOnlyMemory<byte> Content, BodyDecoder Decoder)> ReadPartAsync(BodyDecoder decoder)
    {
        while (!decoder.Done)
        {
            var used = decoder.Next(_buffer.AsSpan(_start, _end - _start), out var content);
            var end = _start += used;
            if (!content.IsEmpty)
            {
                return (Slice(content, end), decoder);
            }

            if (!decoder.Done && Took(await FillAsync().ConfigureAwait(false)) == 0)
            {
                return decoder.EndsWithConnection
                    ? (default, decoder)
                    : throw new ConnectionClosedException("the connection was closed inside the body");
            }
        }

        return (default, decoder);
    }

    /// <summary>Ends whatever is under way, at once; safe from any thread.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        try
        {
            // Ends what reads and writes it (IFrontendTransport).
            _stream.Dispose();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // A tunnel that fails to close is gone all the same, and this may be a timer's thread, where nobody could catch it.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Abort();
        if (_reading)
        {
            // The watching read ends with an error that nobody waits for; taken here, it is not reported as unobserved.
            _reading = false;
            _ = ObserveAsync(_ahead);
        }
    }

    // What a request does between two reads never blocks, so a loop's own thread may do it.
    private static Stream InPlace(Stream stream)
    {
        if (stream is LoopStream loops)
        {
            loops.ContinuesOnLoop = true;
        }

        return stream;
    }

    private static async Task ObserveAsync(ValueTask<int> read)
    {
        try
        {
            await read.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Expected: the connection was dropped on purpose.
        }
    }

    // Content ends before framing that may follow it, so its place is found by its address in the buffer.
    private ReadOnlyMemory<byte> Slice(ReadOnlySpan<byte> content, int end)
    {
        _ = _buffer.AsSpan(0, end).Overlaps(content, out var offset);
        return _buffer.AsMemory(offset, content.Length);
    }

    // Not async itself: it is on the way of every request. What it read is taken in by Took.
    private ValueTask<int> FillAsync(int wanted = 0)
    {
        if (_reading)
        {
            _reading = false;
            return _ahead;
        }

        MakeRoom(wanted);
        return _stream.ReadAsync(_buffer.AsMemory(_end));
    }

    private int Took(int read)
    {
        _end += read;
        return read;
    }

    private void MakeRoom(int wanted)
    {
        var held = _end - _start;
        if (held == 0)
        {
            _start = _end = 0;
        }

        var size = Math.Max(wanted, held + 1);
        if (_buffer.Length < size)
        {
            var larger = new byte[Math.Max(size, _buffer.Length * 2)];
            _buffer.AsSpan(_start, held).CopyTo(larger);
            _buffer = larger;
            (_start, _end) = (0, held);
        }
        else if (_buffer.Length - _start < size || _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
            (_start, _end) = (0, held);
        }
    }
}
