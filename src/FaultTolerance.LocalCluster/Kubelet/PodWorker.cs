using System.ComponentModel;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Network;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>One pod on this machine, from its binding to the removal of its object.</summary>
internal sealed class PodWorker : IDisposable
{
    private readonly PodServices _services;
    private readonly Lock _lock = new();
    private readonly ResourceId _id;
    private readonly DateTimeOffset _startTime;
    private readonly IReadOnlyList<ContainerRunner> _init;
    private readonly IReadOnlyList<ContainerRunner> _main;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _graceOver;
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? _deadline;
    private bool _removed;
    private bool _disposed;

    public PodWorker(PodServices services, JsonObject pod, string ip)
    {
        _services = services;
        _id = new ResourceId(Resources.Pods, pod.Namespace(), pod.Name());
        _startTime = services.Time.GetUtcNow();
        _graceOver = new CancellationTokenSource(Timeout.InfiniteTimeSpan, services.Time);
        Pod = pod;
        Ip = ip;
        Folder = Path.Combine(services.Options.DataDirectory, "pods", pod.Uid());
        _init = [.. pod.Maps("spec", "initContainers").Select(c => new ContainerRunner(services, this, c, isInit: true))];
        _main = [.. pod.Maps("spec", "containers").Select(c => new ContainerRunner(services, this, c, isInit: false))];
    }

    /// <summary>The pod as last seen; read only.</summary>
    public JsonObject Pod { get; private set; }

    public JsonNode? Spec => Pod["spec"];

    public string Name => _id.Name;

    public string Namespace => _id.Namespace;

    public string Uid => Pod.Uid();

    /// <summary>Its loopback address.</summary>
    public string Ip { get; }

    /// <summary>Its own network; null while it has none, and where it shares the machine's.</summary>
    public PodNetwork? Network { get; private set; }

    /// <summary>Its folder.</summary>
    public string Folder { get; }

    /// <summary>Cancelled when the pod is to end.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Completes when the pod is to end.</summary>
    public Task StopRequested => _stopRequested.Task;

    /// <summary>Cancelled when the grace is over.</summary>
    public CancellationToken GraceOver => _graceOver.Token;

    /// <summary>The grace that the pod's spec asks for.</summary>
    public TimeSpan SpecGrace => TimeSpan.FromSeconds(Spec.Number("terminationGracePeriodSeconds") ?? 30);

    /// <summary>All its containers.</summary>
    public IEnumerable<ContainerRunner> Containers => [.. _init, .. _main];

    /// <summary>Runs the pod; completes when all processes are gone and its folder is removed.</summary>
    public async Task RunAsync()
    {
        try
        {
            Directory.CreateDirectory(Folder);
            if (_services.Networks is { } networks && !Spec.IsTrue("hostNetwork"))
            {
                Network = await networks.OpenAsync(Pod, Ip);
            }

            if (_init.Count > 0)
            {
                Change(() =>
                {
                    foreach (var c in _main)
                    {
                        c.Status.SetWaiting("PodInitializing", null);
                    }
                });
            }
            else
            {
                Change(() => { });
            }

            if (await InitializeAsync())
            {
                await Task.WhenAll(_main.Select(c => c.RunAsync()));
            }

            await StopRequested;
            RemoveObject();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            _services.Log.LogError(e, "Pod {Namespace}/{Pod} could not be run", Namespace, Name);
            _services.Events.Warning(Pod, "Pod", "FailedCreatePodSandBox", e.Message);
            await StopRequested;
            RemoveObject();
        }
        finally
        {
            foreach (var container in Containers)
            {
                container.CloseLogs();
            }

            if (Network is not null)
            {
                await _services.Networks!.CloseAsync(Network);
            }

            Directory.Delete(Folder, recursive: true);
            _services.Events.Forget(Uid);
        }
    }

    /// <summary>Takes in a change of the object; a deletion time stamp begins (or shortens) the end.</summary>
    public void Update(JsonObject pod)
    {
        Pod = pod;
        if (Network is { } network)
        {
            network.Pod = pod;
        }

        if (pod.IsDying())
        {
            Stop(TimeSpan.FromSeconds(pod.Number("metadata", "deletionGracePeriodSeconds") ?? 30));
        }
    }

    /// <summary>Ends the pod at once: its object is gone, or the cluster ends.</summary>
    public void Kill()
    {
        _removed = true;
        Stop(TimeSpan.Zero);
    }

    /// <summary>Changes container states and publishes the status that follows, in order with all other changes.</summary>
    public void Change(Action change)
    {
        lock (_lock)
        {
            change();
            if (_removed)
            {
                return;
            }

            var now = _services.Time.GetUtcNow();
            try
            {
                _services.Store.Update(_id, stored =>
                {
                    if (stored.Uid() != Uid)
                    {
                        return null;
                    }

                    PodStatus.Apply(stored, Ip, _startTime, [.. _init.Select(c => c.Status)], [.. _main.Select(c => c.Status)], now);
                    return stored;
                });
            }
            catch (StoreException e) when (e.Status == 404)
            {
                _removed = true; // deleted without grace; the watch tells us to end
            }
        }
    }

    /// <summary>
    /// To be called when <see cref="RunAsync"/> has ended. The watch may still tell of the pod's end after that, which is no longer news.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _stop.Dispose();
            _graceOver.Dispose();
        }
    }

    private async Task<bool> InitializeAsync()
    {
        foreach (var container in _init)
        {
            await container.RunAsync();
            if (container.Status.ExitCode is not 0)
            {
                return false;
            }
        }

        return !_stop.IsCancellationRequested;
    }

    private void Stop(TimeSpan grace)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            var now = _services.Time.GetUtcNow();
            if (_deadline is null || now + grace < _deadline)
            {
                _deadline = now + grace;
                _graceOver.CancelAfter(grace);
            }

            // Not Cancel: what listens would run here, under the lock.
            _ = _stop.CancelAsync();
        }

        _stopRequested.TrySetResult();
    }

    private void RemoveObject()
    {
        if (_removed)
        {
            return;
        }

        try
        {
            // Without finalizers the store removes what has no grace left.
            _services.Store.Update(_id, stored =>
            {
                if (stored.Uid() != Uid || !stored.IsDying())
                {
                    return null;
                }

                stored.Metadata()["deletionGracePeriodSeconds"] = 0;
                return stored;
            });
        }
        catch (StoreException e) when (e.Status == 404)
        {
            _services.Log.LogDebug("Pod {Namespace}/{Pod} was already removed", Namespace, Name);
        }
    }
}
