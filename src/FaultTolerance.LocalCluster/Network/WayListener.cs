using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>
/// An address at which one pod, or the machine, meets what is elsewhere: it listens there in that pod's own network, and carries each
/// connection to where the address really is.
/// </summary>
/// <param name="listener">Listens in the network of who connects.</param>
/// <param name="dial">Connects to the other end, in its network, and tells what is done to the connection.</param>
/// <param name="log">For what breaks.</param>
/// <param name="time">The clock.</param>
internal sealed class WayListener(
    Socket listener, Func<CancellationToken, Task<(Socket Far, Func<WayEffect> Effect)>> dial, ILogger log, TimeProvider time)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Task, (WayConnection Connection, Func<WayEffect> Effect)> _connections = new();
    private readonly CancellationTokenSource _end = new();
    private Task _accepting = Task.CompletedTask;
    private WayEffect _effect = WayEffect.None;
    private long _drops;

    /// <summary>Begins to take connections.</summary>
    public void Start() => _accepting = AcceptAsync();

    /// <summary>Does to all connections, those under way too, what is to be done by now.</summary>
    /// <param name="effect">What is done to who connects.</param>
    public void Apply(WayEffect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        Count();
        if (effect != _effect)
        {
            _effect = effect;
            SocketFilter.Set(listener, effect.Drop ? 1 : effect.Loss);
        }

        foreach (var (connection, its) in _connections.Values)
        {
            connection.Apply(its());
        }
    }

    /// <summary>Counts what was dropped.</summary>
    public void Count()
    {
        var now = SocketFilter.Drops(listener);
        _effect.Count(dropped: now - _drops);
        _drops = now;
        foreach (var (connection, _) in _connections.Values)
        {
            connection.Count();
        }
    }

    /// <summary>Refuses new connections from now on; those under way go on to their end.</summary>
    public void Stop()
    {
        Count();
        listener.Dispose();
    }

    /// <summary>Ends it, with all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await _end.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            Socket near;
            try
            {
                near = await listener.AcceptAsync(_end.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return; // stopped
            }

            _ = CarryAsync(near);
        }
    }

    private async Task CarryAsync(Socket near)
    {
        near.NoDelay = true;
        try
        {
            var (far, effect) = await dial(_end.Token);
            using var connection = new WayConnection(near, far, effect(), time);
            var running = connection.RunAsync(_end.Token);
            _connections[running] = (connection, effect);
            connection.Apply(effect());
            await running;
            _connections.TryRemove(running, out _);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            near.LingerState = new LingerOption(enable: true, seconds: 0);
            near.Dispose();
            log.LogDebug(e, "A connection between pods was not made");
        }
    }
}
