using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Network;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>Runs the pods that are bound to the node as processes of this machine.</summary>
internal sealed class LocalKubelet(IObjectStore store, KubeletOptions options, PodAddresses addresses, TimeProvider time,
    ILoggerFactory logs) : IPodRuntime, IAsyncDisposable
{
    private readonly ILogger _log = logs.CreateLogger("kubelet");
    private readonly ProcessSpawner _spawner = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, (PodWorker Worker, Task Run)> _pods = new(StringComparer.Ordinal);
    private PodServices? _services;
    private ProbeActions? _probes;
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loops = Task.CompletedTask;
    private readonly NetworkRules _rules = new(store);
    private string? _withoutNetworks;

    /// <summary>True when every container has a PID namespace of its own. Known after the start.</summary>
    public bool PidNamespaces => _services is { Isolation.HasMounts: true };

    /// <summary>What this machine cannot give, or null.</summary>
    public string? Note => _services?.Isolation.Note ?? _withoutNetworks;

    /// <summary>
    /// The network between pods that have networks of their own; null where they share the machine's. Known after the start.
    /// </summary>
    public PodNetworks? Networks { get; private set; }

    /// <summary>Knows whose sockets answer at the pods' addresses.</summary>
    public PodListeners Listeners { get; } = new();

    /// <summary>Finds out what the machine allows, registers the node and begins to run pods.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(options.DataDirectory, Owner);
        Directory.CreateDirectory(Path.Combine(options.DataDirectory, "pods"), Owner);
        var trial = Directory.CreateDirectory(Path.Combine(options.DataDirectory, "pods", "trial")).FullName;
        var isolation = await Isolation.ProbeAsync(_spawner, trial, options.IsolationModes, cancellation);
        Directory.Delete(trial, recursive: true);
        _probes = new ProbeActions(Listeners);
        Networks = await StartNetworksAsync(isolation);
        _services = new PodServices(
            store, options, isolation, _spawner, new ImageStore(options.Images), new ContainerEnvironment(store, options),
            new PodVolumes(store, options), _probes, Listeners, new EventRecorder(store, "kubelet", time, _log), time, _log)
        { Networks = Networks };
        NodeRegistration.Register(store, time);
        _loops = Task.WhenAll(
            GuardAsync(Networks is null ? Task.CompletedTask : _rules.RunAsync(_stop.Token)),
            GuardAsync(NodeRegistration.RenewAsync(store, time, _stop.Token)),
            GuardAsync(StoreWatch.RunAsync(store, Resources.PersistentVolumeClaims, _ => { }, OnClaim, _stop.Token)),
            GuardAsync(StoreWatch.RunAsync(store, Resources.Pods, OnList, OnChange, _stop.Token)));
    }

    /// <inheritdoc/>
    public async Task WriteLogAsync(string @namespace, string pod, LogRequest request, Stream destination, CancellationToken cancellation)
    {
        var (worker, container) = Find(@namespace, pod, request.Container);
        var instance = request.Previous ? container.Previous : container.Current;
        if (instance is null)
        {
            throw new StoreException(
                400,
                "BadRequest",
                request.Previous
                    ? $"previous terminated container \"{container.Status.Name}\" in pod \"{worker.Name}\" not found"
                    : $"container \"{container.Status.Name}\" in pod \"{worker.Name}\" is waiting to start: {container.Status.WaitingReason ?? "ContainerCreating"}"
            );
        }

        await ContainerLogReader.WriteAsync(instance.Log, request, destination, cancellation);
    }

    /// <inheritdoc/>
    public async Task<IExecSession> ExecAsync(
        string @namespace,
        string pod,
        string? container,
        IReadOnlyList<string> command,
        bool stdin,
        bool tty,
        CancellationToken cancellation
    )
    {
        if (command.Count == 0)
        {
            throw new StoreException(400, "BadRequest", "you must specify at least one command for the container");
        }

        var (_, runner) = Find(@namespace, pod, container);
        if (!runner.Status.IsRunning || runner.Current is not { Process: { Exit.IsCompleted: false } process } instance)
        {
            throw new StoreException(500, "InternalError", $"container not found (\"{runner.Status.Name}\"): it is not running");
        }

        var start = _services!.Isolation.Exec(process.HostPid, command, instance.Plan.WorkingDirectory, instance.Plan.Environment, tty);
        return await ExecSession.StartAsync(_spawner, start, stdin, PidNamespaces, cancellation);
    }

    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(string @namespace, string pod, int port, CancellationToken cancellation)
    {
        var (worker, _) = Find(@namespace, pod, container: null, any: true);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(worker.Ip, port, cancellation);
            return Listeners.Foreign(worker.Ip, port) is { } foreign
                ? throw new IOException(foreign)
                : new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"an error occurred connecting to port {port} of pod {@namespace}/{pod} ({worker.Ip}): {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the kubelet stops working by a mistake of its own: a cluster without one is none.</summary>
    public Task<Exception> Failure => _failure.Task;

    /// <summary>Ends every pod at once and waits until all their processes are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _loops;
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // As asked, or told of by Failure before: the processes must be ended either way.
        }

        var pods = _pods.Values.ToList();
        pods.ForEach(p => p.Worker.Kill());
        await Task.WhenAll(pods.Select(p => p.Run));
        if (Networks is not null)
        {
            await Networks.DisposeAsync();
        }

        _spawner.Dispose();
        _probes?.Dispose();
        _stop.Dispose();
    }

    private async Task<PodNetworks?> StartNetworksAsync(Isolation isolation)
    {
        if (!options.PodNetworks)
        {
            return null;
        }

        var (spaces, reason) = isolation.Mode == IsolationMode.Namespaces ? await NetworkNamespaces.TryStartAsync()
            : (null, "it takes the privilege to make namespaces, which root has, and everybody in: unshare --user --map-root-user");
        if (spaces is null)
        {
            _withoutNetworks = $"pods share this machine's network, and faults of the network are refused ({reason})";
            return null;
        }

        isolation.OwnNetworks = true;
        var api = new IPEndPoint(IPAddress.Parse(options.ApiServerHost), options.ApiServerPort);
        var networks = new PodNetworks(spaces, _rules, new ClusterNames(store, api.Address), api, time, _log);
        networks.Start();
        return networks;
    }

    // A loop that ends by a mistake of ours must be seen when it happens, not at the end.
    private async Task GuardAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.LogCritical(e, "The kubelet stopped working");
            _failure.TrySetResult(e);
            throw;
        }
    }

    private void OnList(IReadOnlyList<JsonObject> pods)
    {
        var known = pods.Select(p => p.Uid()).ToHashSet(StringComparer.Ordinal);
        foreach (var (uid, entry) in _pods)
        {
            if (!known.Contains(uid))
            {
                entry.Worker.Kill();
            }
        }

        foreach (var pod in pods)
        {
            OnChange(new StoreEvent(StoreEventKind.Modified, pod, 0));
        }
    }

    private void OnChange(StoreEvent change)
    {
        var pod = change.Object;
        if (_pods.TryGetValue(pod.Uid(), out var known))
        {
            if (change.Kind == StoreEventKind.Deleted)
            {
                known.Worker.Kill();
            }
            else
            {
                known.Worker.Update(pod);
            }
        }
        else if (
            change.Kind != StoreEventKind.Deleted
            && pod.Text("spec", "nodeName") == Resources.NodeName
            && pod.Text("status", "phase") is not ("Succeeded" or "Failed")
        )
        {
            var worker = new PodWorker(_services!, pod, addresses.NextPod());
            if (pod.IsDying())
            {
                worker.Update(pod);
            }

            // The entry must be there before the worker can end and take it out.
            var begin = new TaskCompletionSource();
            _pods[pod.Uid()] = (worker, RunAsync(worker, begin.Task));
            begin.SetResult();
        }
    }

    private void OnClaim(StoreEvent change)
    {
        var folder = PodVolumes.ClaimFolder(options, change.Object.Uid());
        var inUse = _pods.Values.Any(entry => entry.Worker.Namespace == change.Object.Namespace()
            && entry.Worker.Pod.Maps("spec", "volumes")
                .Any(volume => volume.Text("persistentVolumeClaim", "claimName") == change.Object.Name()));
        if (change.Kind != StoreEventKind.Deleted || inUse || !Directory.Exists(folder))
        {
            return; // what a pod still uses goes with the cluster
        }

        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.LogWarning(e, "The folder of claim {Claim} could not be removed", change.Object.Name());
        }
    }

    private async Task RunAsync(PodWorker worker, Task begin)
    {
        await begin.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await worker.RunAsync();
        }
        catch (Exception e) when (e is IOException or StoreException or UnauthorizedAccessException)
        {
            _log.LogError(e, "Pod {Namespace}/{Pod} did not end cleanly", worker.Namespace, worker.Name);
        }
        finally
        {
            _pods.TryRemove(worker.Uid, out _);
            worker.Dispose();
        }
    }

    private (PodWorker Worker, ContainerRunner Container) Find(string @namespace, string pod, string? container, bool any = false)
    {
        var stored = store.Get(new ResourceId(Resources.Pods, @namespace, pod))
            ?? throw new StoreException(404, "NotFound", $"pods \"{pod}\" not found");
        if (!_pods.TryGetValue(stored.Uid(), out var entry))
        {
            throw new StoreException(400, "BadRequest", stored.Text("spec", "nodeName") is null
                ? $"pod {pod} does not have a host assigned"
                : $"container in pod \"{pod}\" is waiting to start: ContainerCreating");
        }

        var all = entry.Worker.Containers.ToList();
        var main = stored.Maps("spec", "containers").Select(c => c.Text("name") ?? "").ToList();
        if (string.IsNullOrEmpty(container))
        {
            if (main.Count > 1 && !any)
            {
                throw new StoreException(
                    400,
                    "BadRequest",
                    $"a container name must be specified for pod {pod}, choose one of: [{string.Join(' ', main)}]"
                );
            }

            container = main[0];
        }

        return all.Find(c => c.Status.Name == container) is { } runner
            ? (entry.Worker, runner)
            : throw new StoreException(400, "BadRequest", $"container {container} is not valid for pod {pod}");
    }
}
