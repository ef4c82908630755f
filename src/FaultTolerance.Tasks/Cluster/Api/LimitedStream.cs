namespace FaultTolerance.Cluster.Api;

/// <summary>How long and how large a body from the API may be.</summary>
/// <param name="Idle">Longest time without a byte.</param>
/// <param name="Total">Longest time for the whole.</param>
/// <param name="Size">Largest number of bytes.</param>
internal readonly record struct BodyLimits(TimeSpan Idle, TimeSpan Total, long Size)
{
    private const long Mega = 1024 * 1024;

    /// <summary>Of an object or a page of a list.</summary>
    public static BodyLimits Json(TimeSpan request) => new(request, 2 * request, 64 * Mega);

    /// <summary>Of a log that ends.</summary>
    public static BodyLimits Log(TimeSpan request) => new(request, 10 * request, 1024 * Mega);

    /// <summary>Of a log that is followed: its end and its pauses are the container's.</summary>
    public static BodyLimits FollowedLog { get; } = new(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, 1024 * Mega);
}

/// <summary>
/// A response's body within its limits; it takes its response with it when it is disposed. What goes beyond a limit is an error of the
/// call: FT0313 for time, FT0319 for size.
/// </summary>
/// <param name="call">The call, for messages.</param>
/// <param name="server">The server, for messages.</param>
/// <param name="response">The response.</param>
/// <param name="body">Its body.</param>
/// <param name="limits">The limits.</param>
/// <param name="time">Their clock.</param>
internal sealed class LimitedStream(
    ApiCall call,
    Uri server,
    HttpResponseMessage response,
    Stream body,
    BodyLimits limits,
    TimeProvider time
) : Stream
{
    private readonly CancellationTokenSource _total = new(limits.Total, time);
    private long _read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens the body of a response.</summary>
    public static async Task<LimitedStream> OverAsync(
        ApiCall call, Uri server, HttpResponseMessage response, BodyLimits limits, TimeProvider time, CancellationToken cancellation) =>
        new(call, server, response, await response.Content.ReadAsStreamAsync(cancellation), limits, time);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var idle = new CancellationTokenSource(limits.Idle, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token, _total.Token);
        int count;
        try
        {
            count = await body.ReadAsync(buffer, any.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var why = _total.IsCancellationRequested
                ? $"did not end its answer within {limits.Total.TotalSeconds:0.#} s"
                : $"stopped in the middle of its answer for {limits.Idle.TotalSeconds:0.#} s";
            throw new ClusterException("FT0313", $"cannot {call}: {server} {why}", e);
        }
        catch (Exception e) when (ApiErrors.IsBroken(e))
        {
            throw ApiErrors.From(call, server, e);
        }

        _read += count;
        return _read <= limits.Size ? count : throw new ClusterException(
            "FT0319", $"cannot {call}: the answer of {server} is larger than {limits.Size / (1024 * 1024)} MB; is it a Kubernetes API?")
        {
            Status = response.StatusCode,
        };
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _total.Dispose();
            body.Dispose();
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
