using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace FaultTolerance.Load.Sockets;

/// <summary>
/// A connection whose reads are completed by a <see cref="SocketLoop"/>. One read and one write at a time, from any threads; disposing
/// it ends both. A read that is awaited goes on, on the loop's thread, only where <see cref="ContinuesOnLoop"/> asks for it.
/// </summary>
internal sealed class LoopStream(Socket socket, SocketLoop loop, int number) : ConnectionStream, IValueTaskSource<int>
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<int> _read = new() { RunContinuationsAsynchronously = true };
    private Memory<byte> _buffer;
    private TaskCompletionSource? _writable;
    private bool _reading;
    // There may be something to read that no event will tell of again.
    private bool _readable;
    private bool _peerClosed;
    private bool _closed;

    /// <summary>Which of the loop's connections it is, 0 or more.</summary>
    public int Number { get; } = number;

    /// <summary>What awaits a read goes on in place, on the loop's thread, and promises not to block it.</summary>
    public bool ContinuesOnLoop
    {
        get => !_read.RunContinuationsAsynchronously;
        set => _read.RunContinuationsAsynchronously = !value;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled ? ReadUntilCancelledAsync(buffer, cancellationToken) : ReadNextAsync(buffer);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A request fits into the socket's own buffer, nearly always.
        var sent = Send(buffer.Span);
        return sent == buffer.Length ? default : new(WriteRestAsync(buffer[sent..], cancellationToken));
    }

    /// <summary>When the socket next has room to write, its connection is made, or it broke.</summary>
    public Task WhenWritableAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return (_writable ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Called by the loop's thread.</summary>
    public void Happened(Epoll.Events events)
    {
        int read;
        Exception? error;
        TaskCompletionSource? writable = null;
        lock (_gate)
        {
            if ((events & ~Epoll.Events.Readable) != Epoll.Events.None)
            {
                (writable, _writable) = (_writable, null);
                _peerClosed |= (events & (Epoll.Events.PeerClosed | Epoll.Events.HungUp | Epoll.Events.Error)) != Epoll.Events.None;
            }

            _readable |= (events & ~Epoll.Events.Writable) != Epoll.Events.None;
            if (_closed || !_reading || !_readable || !TryReceive(_buffer.Span, out read, out error))
            {
                read = -1;
                error = null;
            }
            else
            {
                EndRead();
            }
        }

        writable?.TrySetResult();
        if (error is not null)
        {
            _read.SetException(error);
        }
        else if (read >= 0)
        {
            _read.SetResult(read);
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _read.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        bool reading;
        TaskCompletionSource? writable;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            (writable, _writable) = (_writable, null);
            reading = _reading;
            EndRead();
            loop.Close(this, socket);
        }

        writable?.TrySetException(Broken(SocketError.OperationAborted));
        if (reading)
        {
            _read.SetException(Broken(SocketError.OperationAborted));
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadUntilCancelledAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var read = ReadNextAsync(buffer);
        await using (
            cancellation.UnsafeRegister(static (state, token) => ((LoopStream)state!).CancelRead(token), this).ConfigureAwait(false)
        )
        {
            return await read.ConfigureAwait(false);
        }
    }

    private ValueTask<int> ReadNextAsync(Memory<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_reading)
            {
                throw new InvalidOperationException("a read is under way");
            }

            if (_readable && TryReceive(buffer.Span, out var read, out var error))
            {
                return error is null ? new(read) : ValueTask.FromException<int>(error);
            }

            _read.Reset();
            _buffer = buffer;
            _reading = true;
            return new(this, _read.Version);
        }
    }

    private void CancelRead(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_reading)
            {
                return;
            }

            EndRead();
        }

        _read.SetException(new OperationCanceledException(cancellation));
    }

    private void EndRead()
    {
        _reading = false;
        _buffer = default;
    }

    // False: nothing is there yet, and an event will tell when something is.
    private bool TryReceive(Span<byte> into, out int read, out Exception? failure)
    {
        failure = null;
        read = socket.Receive(into, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            _readable = false;
            return false;
        }

        if (error != SocketError.Success)
        {
            failure = Broken(error);
            return true;
        }

        // Less than was asked for: the socket is empty, and what comes next is news (epoll(7)); but an end that came along with it is not.
        _readable = read == into.Length || _peerClosed;
        return true;
    }

    private int Send(ReadOnlySpan<byte> bytes)
    {
        var sent = socket.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => throw Broken(error),
        };
    }

    private async Task WriteRestAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellation)
    {
        while (!rest.IsEmpty)
        {
            // Asked for before the attempt, so that room which comes in between is not missed.
            var writable = WhenWritableAsync();
            var sent = Send(rest.Span);
            rest = rest[sent..];
            if (sent == 0)
            {
                await writable.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    // As NetworkStream says it.
    private static IOException Broken(SocketError error)
    {
        var cause = new SocketException((int)error);
        return new IOException(cause.Message, cause);
    }
}
