namespace FaultTolerance.Load.Urls;

/// <summary>A connection that tells when its peer has ended it: .NET's HTTP/2 reads it all the time, and tells nobody.</summary>
/// <param name="inner">The connection; this one's from here on.</param>
internal sealed class WatchedStream(Stream inner) : ConnectionStream
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the peer has closed the connection, or it broke or was disposed.</summary>
    public Task Ended => _ended.Task;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0 && buffer.Length > 0)
            {
                _ended.TrySetResult();
            }

            return read;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _ended.TrySetResult();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        _ended.TrySetResult();
        base.Dispose(disposing);
    }
}
