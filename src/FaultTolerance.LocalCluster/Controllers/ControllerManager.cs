using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Network;
using FaultTolerance.LocalCluster.Proxy;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Runs the controllers: what a Kubernetes control plane does beside answering requests.</summary>
/// <param name="store">What they read and write.</param>
/// <param name="listeners">Tells a pod's own answer from another's.</param>
/// <param name="time">The clock.</param>
/// <param name="logs">For what they cannot handle.</param>
/// <param name="networks">The network between pods that have networks of their own; null where they share the machine's.</param>
internal sealed class ControllerManager(
    IObjectStore store, PodListeners listeners, TimeProvider time, ILoggerFactory logs, PodNetworks? networks = null)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private ServiceProxy? _proxy;

    /// <summary>Starts them; they take up what is in the store.</summary>
    public Task StartAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var log = logs.CreateLogger("controllers");
        EventRecorder Recorder(string component) => new(store, component, time, log);
        _proxy = new ServiceProxy(store, Recorder("service-proxy"), listeners, time, log, networks);
        Controller[] all =
        [
            new ServiceAccountController(store, time, log),
            new Scheduler(store, Recorder("default-scheduler"), time, log),
            new ReplicaSetController(store, Recorder("replicaset-controller"), time, log),
            new DeploymentController(store, Recorder("deployment-controller"), time, log),
            new StatefulSetController(store, Recorder("statefulset-controller"), time, log),
            new DaemonSetController(store, Recorder("daemonset-controller"), time, log),
            new JobController(store, Recorder("job-controller"), time, log),
            new EndpointsController(store, time, log),
            new NamespaceController(store, time, log),
            _proxy,
        ];
        var collector = new GarbageCollector(store, time, log);
        _running = Task.WhenAll([collector.RunAllAsync(_stop.Token), .. all.Select(c => c.RunAsync(_stop.Token))]);
        return Task.CompletedTask;
    }

    /// <summary>Ends them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // as asked
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        _stop.Dispose();
    }
}
