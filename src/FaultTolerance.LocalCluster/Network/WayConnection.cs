using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>One connection that is carried: what the one end sends the other gets, as the way's effect lets it.</summary>
internal sealed class WayConnection : IDisposable
{
    private const int PieceBytes = 32 * 1024;
    private const int PiecesHeld = 256;
    private readonly Socket _near;
    private readonly Socket _far;
    private readonly TimeProvider _time;
    private readonly Channel<(byte[] Piece, int Count, long At)> _held =
        Channel.CreateBounded<(byte[] Piece, int Count, long At)>(new BoundedChannelOptions(PiecesHeld) { SingleReader = true });

    private volatile WayEffect _effect = WayEffect.None;
    private long _drops;
    private int _sending;

    /// <summary>A connection between two sockets, which end with it.</summary>
    /// <param name="near">That of who connected.</param>
    /// <param name="far">That of who was connected to; its answers are what effects hold up.</param>
    /// <param name="effect">What is done to it.</param>
    /// <param name="time">The clock.</param>
    public WayConnection(Socket near, Socket far, WayEffect effect, TimeProvider time)
    {
        (_near, _far, _time) = (near, far, time);
        Apply(effect);
    }

    /// <summary>Does something else to it from now on.</summary>
    public void Apply(WayEffect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        Count();
        _effect = effect;
        if (effect.Reset)
        {
            effect.Count(reset: 1);
            Break();
            return;
        }

        SocketFilter.Set(_near, effect.Drop ? 1 : 0);
        SocketFilter.Set(_far, effect.Drop ? 1 : effect.Loss);
    }

    /// <summary>Counts what was dropped since it was counted last.</summary>
    public void Count()
    {
        var now = SocketFilter.Drops(_near) + SocketFilter.Drops(_far);
        var before = Interlocked.Exchange(ref _drops, now);
        if (now > before)
        {
            _effect.Count(dropped: now - before);
        }
    }

    /// <summary>Carries it to its end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] ways = [UpAsync(end.Token), HoldAsync(end.Token), LetGoAsync(end.Token)];
        try
        {
            var left = ways.ToList();
            while (left.Count > 0)
            {
                var first = await Task.WhenAny(left);
                left.Remove(first);
                await first;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or ChannelClosedException)
        {
            // Whoever broke it, the other end is told by a reset.
            Break();
            await end.CancelAsync();
            await Task.WhenAll(ways)
                .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Count();
        _near.Dispose();
        _far.Dispose();
    }

    private void Break()
    {
        foreach (var socket in new[] { _near, _far })
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }

            socket.Dispose();
        }
    }

    private async Task UpAsync(CancellationToken cancellation)
    {
        var buffer = new byte[PieceBytes];
        while (await _near.ReceiveAsync(buffer, cancellation) is var count and > 0)
        {
            await SendAsync(_far, buffer.AsMemory(0, count), cancellation);
        }

        _far.Shutdown(SocketShutdown.Send);
    }

    // What need not wait goes at once, unless there is still some before it that waits.
    private async Task HoldAsync(CancellationToken cancellation)
    {
        var buffer = new byte[PieceBytes];
        try
        {
            while (true)
            {
                var rate = _effect.BytesPerSecond;
                var most = rate > 0 ? (int)Math.Clamp(rate / 20, 1, PieceBytes) : PieceBytes;
                if (await _far.ReceiveAsync(buffer.AsMemory(0, most), cancellation) is not (var count and > 0))
                {
                    break;
                }

                if (!_effect.Holds && _held.Reader.Count == 0 && Volatile.Read(ref _sending) == 0)
                {
                    await SendAsync(_near, buffer.AsMemory(0, count), cancellation);
                    continue;
                }

                _effect.Count(delayed: 1);
                var piece = ArrayPool<byte>.Shared.Rent(count);
                buffer.AsSpan(0, count).CopyTo(piece);
                Interlocked.Increment(ref _sending);
                await _held.Writer.WriteAsync((piece, count, _time.GetTimestamp()), cancellation);
            }
        }
        finally
        {
            _held.Writer.TryComplete();
        }
    }

    private async Task LetGoAsync(CancellationToken cancellation)
    {
        await foreach (var (piece, count, at) in _held.Reader.ReadAllAsync(cancellation))
        {
            var wait = _effect.Latency - _time.GetElapsedTime(at);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, cancellation);
            }

            await SendAsync(_near, piece.AsMemory(0, count), cancellation);
            ArrayPool<byte>.Shared.Return(piece);
            if (_effect.BytesPerSecond is var rate and > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)count / rate), _time, cancellation);
            }

            Interlocked.Decrement(ref _sending);
        }

        _near.Shutdown(SocketShutdown.Send);
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await to.SendAsync(bytes[sent..], SocketFlags.None, cancellation);
        }
    }
}
