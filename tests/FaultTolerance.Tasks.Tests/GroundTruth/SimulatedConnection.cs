namespace FaultTolerance.Tests.GroundTruth;

/// <summary>
/// A connection in memory whose reads go on in the thread that delivers, so that a simulation keeps its one thread. A write is a request.
/// </summary>
internal sealed class SimulatedConnection(Action<SimulatedConnection> request) : Stream
{
    private readonly Queue<byte[]> _delivered = new();
    private TaskCompletionSource<int>? _reading;
    private Memory<byte> _into;
    private int _taken;
    private bool _closed;
    private bool _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The service sends.</summary>
    public void Deliver(byte[] bytes)
    {
        if (!_disposed)
        {
            _delivered.Enqueue(bytes);
            Continue();
        }
    }

    /// <summary>The service is gone.</summary>
    public void Drop()
    {
        _closed = true;
        Continue();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_delivered.Count > 0 || _closed)
        {
            return new(Copy(buffer));
        }

        _into = buffer;
        _reading = new TaskCompletionSource<int>();
        return new(_reading.Task);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_closed)
        {
            throw new IOException("the peer closed the connection");
        }

        request(this);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        Interlocked.Exchange(ref _reading, null)?.TrySetException(new ObjectDisposedException(nameof(SimulatedConnection)));
        base.Dispose(disposing);
    }

    private void Continue()
    {
        if (Interlocked.Exchange(ref _reading, null) is { } reading)
        {
            reading.TrySetResult(Copy(_into));
        }
    }

    private int Copy(Memory<byte> buffer)
    {
        if (!_delivered.TryPeek(out var first))
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, first.Length - _taken);
        first.AsSpan(_taken, count).CopyTo(buffer.Span);
        _taken += count;
        if (_taken == first.Length)
        {
            _delivered.Dequeue();
            _taken = 0;
        }

        return count;
    }
}
