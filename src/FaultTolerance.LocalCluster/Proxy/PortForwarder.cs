using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FaultTolerance.LocalCluster.Kubelet;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Proxy;

/// <summary>Listens at one port of one address and carries each connection to one of several targets, in turn.</summary>
internal sealed class PortForwarder : IAsyncDisposable
{
    private const int Backlog = 512;
    private readonly Socket _listener;
    private readonly PodListeners _listeners;
    private readonly ILogger _log;
    private readonly CancellationToken _end;
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private Task _accepting = Task.CompletedTask;
    private uint _turn;

    private PortForwarder(Socket listener, IReadOnlyList<IPEndPoint> targets, PodListeners listeners, ILogger log, CancellationToken end) =>
        (_listener, Targets, _listeners, _log, _end) = (listener, targets, listeners, log, end);

    /// <summary>Where new connections go; at least one.</summary>
    public IReadOnlyList<IPEndPoint> Targets { get; set; }

    /// <summary>Begins to listen.</summary>
    /// <param name="ip">The address.</param>
    /// <param name="port">The port.</param>
    /// <param name="targets">Where connections go; at least one.</param>
    /// <param name="listeners">Tells a pod's own answer from another's.</param>
    /// <param name="log">For what breaks.</param>
    /// <param name="end">Ends everything, connections under way included.</param>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public static PortForwarder Start(string ip, int port, IReadOnlyList<IPEndPoint> targets, PodListeners listeners, ILogger log,
        CancellationToken end)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(ip), port));
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var forwarder = new PortForwarder(socket, targets, listeners, log, end);
        forwarder._accepting = forwarder.AcceptAsync();
        return forwarder;
    }

    /// <summary>Refuses new connections from now on; those under way go on to their end.</summary>
    public void Stop() => _listener.Dispose();

    /// <summary>Waits for the connections under way, which end with the token at the latest.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_end);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return; // stopped
            }

            var carrying = CarryAsync(client);
            _connections[carrying] = true;
            _ = carrying.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var near = client;
        try
        {
            near.NoDelay = true;
            using var far = await ConnectAsync();
            var (up, down) = (CopyAsync(near, far), CopyAsync(far, near));
            await await Task.WhenAny(up, down);
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Whoever broke the connection, the other side is told by a reset.
            near.LingerState = new LingerOption(enable: true, seconds: 0);
            _log.LogDebug(e, "A connection through a Service broke");
        }
    }

    // A pod that died a moment ago is still among the targets: the next one is asked, each once.
    private async Task<Socket> ConnectAsync()
    {
        var targets = Targets;
        for (var tried = 1; ; tried++)
        {
            var target = targets[(int)(Interlocked.Increment(ref _turn) % (uint)targets.Count)];
            var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await far.ConnectAsync(target, _end);
                return _listeners.Foreign(target.Address.ToString(), target.Port) is { } foreign ? throw new IOException(foreign) : far;
            }
            catch (Exception e) when (e is SocketException or IOException && tried < targets.Count)
            {
                far.Dispose();
                _log.LogDebug(e, "{Target} does not take a Service's connection", target);
            }
            catch
            {
                far.Dispose();
                throw;
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        while (await from.ReceiveAsync(buffer, _end) is var count and > 0)
        {
            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end);
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
