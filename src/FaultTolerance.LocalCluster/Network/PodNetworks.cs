using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>
/// The network between pods that have networks of their own. In the network of each pod the cluster listens at the addresses of all
/// others, at the ports at which they listen themselves, and carries what comes: so it knows of each connection who makes it and to
/// whom, and does to it what the rules say. The machine meets the pods in the same way.
/// </summary>
/// <param name="spaces">Makes networks.</param>
/// <param name="rules">What is done to connections.</param>
/// <param name="names">Names that pods can look up.</param>
/// <param name="api">Where the machine serves the API, which pods reach at the same address.</param>
/// <param name="time">The clock.</param>
/// <param name="log">For what cannot be carried.</param>
internal sealed class PodNetworks(
    NetworkNamespaces spaces, NetworkRules rules, ClusterNames names, IPEndPoint api, TimeProvider time, ILogger log)
    : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentDictionary<string, PodNetwork> _pods = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Ip, int Port), IReadOnlyList<IPEndPoint>> _services = new();
    private readonly Dictionary<WayKey, WayListener?> _ways = [];
    private readonly List<(WayKey Key, WayListener Way)> _stopped = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private Task _looking = Task.CompletedTask;
    private volatile bool _changed;
    private uint _turns;

    /// <summary>Begins to look which ports pods listen at.</summary>
    public void Start() => _looking = RunAsync();

    /// <summary>Makes a pod's network.</summary>
    public async Task<PodNetwork> OpenAsync(JsonObject pod, string ip)
    {
        var space = await spaces.CreateAsync(IPAddress.Parse(ip));
        var network = new PodNetwork(pod, ip, space, await spaces.InAsync(space, () => new ListeningPorts()));
        try
        {
            network.Names = new NameServer(await spaces.InAsync(space, NameServer.Bind), names, () => rules.Names(network.Pod));
            network.Names.Start();
        }
        catch (SocketException e)
        {
            log.LogWarning("Names do not resolve in pod {Pod}: {Why}", network.Id.Name, e.Message);
        }

        _pods[ip] = network;
        await SyncAsync();
        return network;
    }

    /// <summary>Ends a pod's network, whose processes are gone.</summary>
    public async Task CloseAsync(PodNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _pods.TryRemove(network.Ip, out _);
        await SyncAsync();
        await EndAsync(network);
    }

    /// <summary>Has pods reach a Service's address; without targets no more.</summary>
    public void SetService(string ip, int port, IReadOnlyList<IPEndPoint> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        _changed |= targets.Count > 0 ? !_services.ContainsKey((ip, port)) : _services.ContainsKey((ip, port));
        if (targets.Count > 0)
        {
            _services[(ip, port)] = targets;
        }
        else
        {
            _services.TryRemove((ip, port), out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        foreach (var way in _ways.Values.Concat(_stopped.Select(entry => entry.Way)).OfType<WayListener>())
        {
            await way.DisposeAsync();
        }

        foreach (var pod in _pods.Values)
        {
            await EndAsync(pod);
        }

        _turn.Dispose();
        _end.Dispose();
        spaces.Dispose();
    }

    private static async Task EndAsync(PodNetwork pod)
    {
        if (pod.Names is { } names)
        {
            await names.DisposeAsync();
        }

        pod.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await LookAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // as asked
        }
    }

    private async Task LookAsync()
    {
        try
        {
            var change = _changed;
            foreach (var pod in _pods.Values)
            {
                change |= pod.Look();
            }

            if (change)
            {
                await SyncAsync();
            }

            if (rules.Changed(time.GetUtcNow()))
            {
                await ApplyAsync();
            }

            if (rules.Counts)
            {
                await EachAsync((_, way) => way.Count());
                rules.Tell();
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or System.ComponentModel.Win32Exception or StoreException)
        {
            log.LogDebug(e, "A pod went while it was looked at");
        }
    }

    private Task ApplyAsync() => EachAsync((key, way) => way.Apply(EffectOf(key)));

    private async Task EachAsync(Action<WayKey, WayListener> work)
    {
        await _turn.WaitAsync();
        try
        {
            var stopped = _stopped.Select(entry => (entry.Key, (WayListener?)entry.Way));
            foreach (var (key, way) in _ways.Select(entry => (entry.Key, entry.Value)).Concat(stopped))
            {
                if (way is not null)
                {
                    work(key, way);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task SyncAsync()
    {
        await _turn.WaitAsync();
        try
        {
            _changed = false;
            var wanted = Wanted().ToHashSet();
            foreach (var key in _ways.Keys.Except(wanted).ToList())
            {
                if (_ways.Remove(key, out var way) && way is not null)
                {
                    way.Stop();
                    _stopped.Add((key, way));
                }
            }

            foreach (var entry in _stopped.Where(entry => !Is(entry.Key.From) || !Is(entry.Key.To)).ToList())
            {
                _stopped.Remove(entry);
                await entry.Way.DisposeAsync();
            }

            foreach (var key in wanted.Where(key => !_ways.ContainsKey(key)))
            {
                _ways[key] = await OpenAsync(key);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool Is(PodNetwork? pod) => pod is null || (_pods.TryGetValue(pod.Ip, out var there) && there == pod);

    private IEnumerable<WayKey> Wanted()
    {
        PodNetwork[] pods = [.. _pods.Values];
        foreach (var to in pods)
        {
            foreach (var port in to.Ports)
            {
                foreach (var from in pods.Append(null).Where(from => from != to))
                {
                    yield return new WayKey(from, to, to.Ip, port);
                }
            }
        }

        foreach (var from in pods)
        {
            yield return new WayKey(from, null, api.Address.ToString(), api.Port);
            foreach (var (ip, port) in _services.Keys)
            {
                yield return new WayKey(from, null, ip, port);
            }
        }
    }

    private async Task<WayListener?> OpenAsync(WayKey key)
    {
        try
        {
            var listener = await spaces.InAsync(key.From?.Space, () => Listen(key.Ip, key.Port));
            var way = new WayListener(listener, cancellation => DialAsync(key, cancellation), log, time);
            way.Apply(EffectOf(key));
            way.Start();
            return way;
        }
        catch (SocketException e)
        {
            // A process that listens at all addresses has the port, or the pod has just gone.
            log.LogWarning("{From} does not reach {Ip}:{Port}: {Why}", key.From?.Id.Name ?? "The machine", key.Ip, key.Port, e.Message);
            return null;
        }
    }

    private WayEffect EffectOf(WayKey key) => key.To is null ? WayEffect.None : rules.Effect(key.From?.Pod, key.To.Pod, key.Port);

    private async Task<(Socket Far, Func<WayEffect> Effect)> DialAsync(WayKey key, CancellationToken cancellation)
    {
        var (to, target) = (key.To, new IPEndPoint(IPAddress.Parse(key.Ip), key.Port));
        if (to is null && _services.TryGetValue((key.Ip, key.Port), out var targets))
        {
            target = targets[(int)(Interlocked.Increment(ref _turns) % (uint)targets.Count)];
            _pods.TryGetValue(target.Address.ToString(), out to);
        }

        var far = await spaces.InAsync(
            to?.Space, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await far.ConnectAsync(target, cancellation);
            return (far, () => rules.Effect(key.From?.Pod, to?.Pod, target.Port));
        }
        catch
        {
            far.Dispose();
            throw;
        }
    }

    private static Socket Listen(string ip, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(ip), port));
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A way: from a pod (null: the machine) to a pod (null: the machine, or a Service) at an address and port.</summary>
    private sealed record WayKey(PodNetwork? From, PodNetwork? To, string Ip, int Port);
}
