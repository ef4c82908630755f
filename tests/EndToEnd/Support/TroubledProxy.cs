using System.Net;
using System.Net.Sockets;

namespace EndToEnd;

/// <summary>
/// Stands on loopback before an API server and passes its bytes on, TLS and all; at seeded random it delays connections, freezes them in
/// the middle, cuts them, and freezes all of them for a while.
/// </summary>
internal sealed class TroubledProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Random _random;
    private readonly int _target;
    private readonly Task _accepting;
    private readonly Task _freezing;
    private volatile TaskCompletionSource _open = Opened();
    private volatile bool _calm;
    private int _troubled;

    private TroubledProxy(int target, int seed)
    {
        (_target, _random) = (target, new Random(seed));
        _listener.Start();
        _accepting = AcceptAsync();
        _freezing = FreezeAsync();
    }

    /// <summary>Connections that were troubled, and times that all were frozen.</summary>
    public int Troubled => Volatile.Read(ref _troubled);

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Starts one before a port of this machine.</summary>
    public static TroubledProxy Start(int target, int seed) => new(target, seed);

    /// <summary>Writes a copy of a kubeconfig that leads through the proxy.</summary>
    public string Kubeconfig(TempFolder folder, string original) =>
        folder.Write("proxied.kubeconfig", File.ReadAllText(original).Replace($":{_target}", $":{Port}", StringComparison.Ordinal));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _calm = true;
        await _ended.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_accepting, _freezing);
        _listener.Dispose();
        _ended.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_ended.Token)));
                connections.RemoveAll(c => c.IsCompleted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    // Now and then nothing passes at all, as when a router between is busy.
    private async Task FreezeAsync()
    {
        try
        {
            while (!_calm)
            {
                await Task.Delay(Draw(4000, 15_000), _ended.Token);
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Interlocked.Increment(ref _troubled);
                await Task.Delay(Draw(300, 4000), _ended.Token);
                _open.SetResult();
            }
        }
        catch (OperationCanceledException)
        {
            _open.TrySetResult();
        }
    }

    private async Task ServeAsync(Socket near)
    {
        near.NoDelay = true;
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        using (near)
        {
            try
            {
                var plan = Plan.Draw(_random);
                Interlocked.Add(ref _troubled, plan.IsClean ? 0 : 1);
                if (plan.CutAfter is { } cut)
                {
                    end.CancelAfter(cut);
                }

                await far.ConnectAsync(IPAddress.Loopback, _target, end.Token);
                await Task.WhenAny(CopyAsync(near, far, plan, end.Token), CopyAsync(far, near, plan, end.Token));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Cut, or the end.
            }

            await end.CancelAsync();
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Plan plan, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        long passed = 0;
        try
        {
            while (await from.ReceiveAsync(buffer, cancellation) is > 0 and var count)
            {
                await _open.Task.WaitAsync(cancellation);
                passed += count;
                if (plan.FreezeAfter is { } frozen && passed > frozen)
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                await Task.Delay(plan.Delay, cancellation);
                await to.SendAsync(buffer.AsMemory(0, count), cancellation);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went; the other is closed with it.
        }
    }

    private TimeSpan Draw(int from, int to)
    {
        lock (_random)
        {
            return TimeSpan.FromMilliseconds(_random.Next(from, to));
        }
    }

    private readonly record struct Plan(TimeSpan Delay, long? FreezeAfter, TimeSpan? CutAfter)
    {
        public bool IsClean => this == default;

        public static Plan Draw(Random random)
        {
            lock (random)
            {
                // Always as many draws, so that a connection more or less changes no other's fate than by its place.
                var (kind, size) = (random.NextDouble(), random.Next(1, 1000));
                return kind switch
                {
                    < 0.6 => default,
                    < 0.75 => new Plan(TimeSpan.FromMilliseconds(size / 4.0), null, null),
                    < 0.87 => new Plan(TimeSpan.Zero, 4000 + (size * 30), null),
                    _ => new Plan(TimeSpan.Zero, null, TimeSpan.FromMilliseconds(size * 5)),
                };
            }
        }
    }
}
