using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Network;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Proxy;

/// <summary>
/// Carries connections to a Service's ClusterIP to its ready pods. It listens only while there are some, so that without them a
/// connection is refused, as kube-proxy does; and so that it is in nobody's way who wants the port.
/// </summary>
internal sealed class ServiceProxy(
    IObjectStore store, EventRecorder events, PodListeners listeners, TimeProvider time, ILogger log, PodNetworks? networks = null)
    : Controller(store, time, log), IAsyncDisposable
{
    private readonly ConcurrentDictionary<(ResourceId Service, string Ip, int Port), PortForwarder> _forwarders = new();
    private readonly CancellationTokenSource _end = new();

    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.Services, Resources.Endpoints];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        var service = Store.Get(id);
        var wanted = service is null || service.IsDying() ? [] : Wanted(service, Store.Get(id with { Type = Resources.Endpoints }));
        foreach (var (key, forwarder) in _forwarders.Where(entry => entry.Key.Service == id))
        {
            if (!wanted.ContainsKey((key.Ip, key.Port)) && _forwarders.TryRemove(key, out _))
            {
                forwarder.Stop();
                networks?.SetService(key.Ip, key.Port, []);
            }
        }

        foreach (var ((ip, port), targets) in wanted)
        {
            networks?.SetService(ip, port, targets);
            if (_forwarders.TryGetValue((id, ip, port), out var known))
            {
                known.Targets = targets;
                continue;
            }

            try
            {
                _forwarders[(id, ip, port)] = PortForwarder.Start(ip, port, targets, listeners, Log, _end.Token);
            }
            catch (SocketException e)
            {
                var why = e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? "a process of this machine listens on that port of all addresses; a server must bind its pod's own address "
                        + "(status.podIP)"
                    : e.Message;
                events.Warning(service!, "Service", "FailedToListen",
                    string.Create(CultureInfo.InvariantCulture, $"connections to {ip}:{port} are not carried: {why}"));
            }
        }
    }

    /// <summary>Ends all of it, connections under way included.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var forwarder in _forwarders.Values)
        {
            await forwarder.DisposeAsync();
        }

        _end.Dispose();
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change) => Enqueue(IdOf(Resources.Services, change.Object));

    private static Dictionary<(string Ip, int Port), IReadOnlyList<IPEndPoint>> Wanted(JsonObject service, JsonObject? endpoints)
    {
        // Without an address it is headless, or a name for something outside.
        return service.Text("spec", "clusterIP") is { Length: > 0 } ip && IPAddress.TryParse(ip, out _)
            ? ServiceTargets.Of(service, endpoints).ToDictionary(entry => (ip, entry.Port), entry => entry.Targets)
            : [];
    }
}
