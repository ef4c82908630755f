using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>The life of one container of a pod: instance after instance, by the restart policy, until the pod is stopped.</summary>
/// <param name="services">What pods share.</param>
/// <param name="pod">Its pod.</param>
/// <param name="spec">Its spec.</param>
/// <param name="isInit">An init container ends with success once.</param>
internal sealed class ContainerRunner(PodServices services, PodWorker pod, JsonObject spec, bool isInit)
{
    private readonly RestartBackoff _backoff = new(services.Options.BackoffInitial, services.Options.BackoffMaximum);
    private int _instance = -1;
    private ContainerInstance? _previous;

    /// <summary>Its entry in the pod's status.</summary>
    public ContainerStatus Status { get; } = new(spec.Text("name") ?? "", spec.Text("image") ?? "");

    /// <summary>The running instance, or the last one that ran.</summary>
    public ContainerInstance? Current { get; private set; }

    /// <summary>The instance that <c>logs --previous</c> means.</summary>
    public ContainerInstance? Previous =>
        Status.IsRunning || Status.IsFinal || Status.WaitingReason is null ? _previous : Current ?? _previous;

    /// <summary>Runs it until it ended for good or the pod was stopped.</summary>
    public async Task RunAsync()
    {
        try
        {
            var restart = false;
            var pulls = new RestartBackoff(services.Options.BackoffInitial, services.Options.BackoffMaximum);
            while (!pod.Stopping.IsCancellationRequested)
            {
                if (await PrepareAsync(pulls) is not { } plan)
                {
                    continue;
                }

                var (code, at) = await RunInstanceAsync(plan, restart);
                if (pod.Stopping.IsCancellationRequested || !IsRestartedAfter(code))
                {
                    break;
                }

                await BackOffAsync(at);
                restart = true;
            }
        }
        catch (OperationCanceledException) when (pod.Stopping.IsCancellationRequested)
        {
            // The pod was stopped while this waited; nothing runs.
        }

        pod.Change(() => Status.IsFinal = true);
    }

    /// <summary>Closes its logs.</summary>
    public void CloseLogs()
    {
        Current?.Log.Dispose();
        _previous?.Log.Dispose();
    }

    private bool IsRestartedAfter(int code) => (pod.Spec.Text("restartPolicy") ?? "Always") switch
    {
        "Never" => false,
        "OnFailure" => code != 0,
        _ => !isInit || code != 0,
    };

    private async Task<ContainerPlan?> PrepareAsync(RestartBackoff pulls)
    {
        var name = spec.Text("image") ?? "";
        string reason;
        string message;
        try
        {
            if (services.Images.Find(name) is { } image)
            {
                return ContainerPlan.Make(services, pod, spec, image);
            }

            (reason, message) = (
                "ErrImagePull",
                $"image \"{name}\" was not given to the local cluster (--image NAME=DIR), and nothing is pulled"
            );
        }
        catch (Exception e) when (e is ContainerConfigException or InvalidDataException or FormatException or IOException)
        {
            (reason, message) = ("CreateContainerConfigError", e.Message);
        }

        pod.Change(() => Status.SetWaiting(reason, message));
        if (reason == "ErrImagePull")
        {
            Warn("Failed", $"Failed to pull image \"{name}\": {message}");
            Warn("Failed", "Error: ErrImagePull");
            pulls.Restarted(services.Time.GetUtcNow());
            await Task.Delay(TimeSpan.FromSeconds(1), services.Time, pod.Stopping);
            pod.Change(() => Status.SetWaiting("ImagePullBackOff", $"Back-off pulling image \"{name}\": {message}"));
            Tell("BackOff", $"Back-off pulling image \"{name}\"");
            await Task.Delay(pulls.WaitAfter(services.Time.GetUtcNow()), services.Time, pod.Stopping);
        }
        else
        {
            Warn("Failed", "Error: " + message);
            await Task.Delay(services.Options.BackoffInitial, services.Time, pod.Stopping);
        }

        return null;
    }

    private async Task<(int Code, DateTimeOffset At)> RunInstanceAsync(ContainerPlan plan, bool restart)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"local://{pod.Uid}-{Status.Name}-{++_instance}");
        var log = NewLog();
        var asked = services.Time.GetUtcNow();
        Tell("Pulled", $"Container image \"{plan.Image.Name}\" already present on machine");
        ContainerProcess process;
        try
        {
            var start = services.Isolation.Container(plan.Command, plan.WorkingDirectory, plan.Environment, plan.Mounts, plan.View);
            process = await ContainerProcess.StartAsync(services.Spawner, start, log, services.Isolation.HasMounts, services.Time,
                pod.Network?.Space);
        }
        catch (ContainerStartException e)
        {
            log.Complete();
            var failedAt = services.Time.GetUtcNow();
            pod.Change(() =>
            {
                Status.RestartCount += restart ? 1 : 0;
                Current = new ContainerInstance(null, plan, log);
                Status.SetTerminated(id, 128, "StartError", "failed to create containerd task: " + e.Message, asked, failedAt);
            });
            Warn("Failed", $"Error: failed to start container \"{Status.Name}\": {e.Message}");
            return (128, failedAt);
        }

        services.Listeners.Add(process.HostPid, pod.Ip, $"{pod.Namespace}/{pod.Name}", services.Isolation.HasMounts);
        using var probing = CancellationTokenSource.CreateLinkedTokenSource(pod.Stopping);
        var probes = new ContainerProbes(services, pod, this, spec, process, plan);
        pod.Change(() =>
        {
            Status.RestartCount += restart ? 1 : 0;
            Current = new ContainerInstance(process, plan, log);
            Status.SetRunning(id, process.StartedAt);
            Status.Started = spec["startupProbe"] is null;
            Status.Ready = Status.Started && spec["readinessProbe"] is null;
        });
        Tell("Created", $"Created container: {Status.Name}");
        Tell("Started", $"Started container {Status.Name}");
        var probed = probes.RunAsync(probing);
        var memory = MemoryQuantity.LimitOf(spec) is { } limit
            ? new MemoryLimit(process, limit, services.Isolation.HasMounts, services.Time) : null;
        var watched = memory?.RunAsync(probing.Token) ?? Task.CompletedTask;
        await Task.WhenAny(process.Exit, probes.Verdict, pod.StopRequested);
        if (!process.Exit.IsCompleted)
        {
            await ContainerTermination.EndAsync(services, pod, spec, process, plan, probes.Verdict);
        }

        await probing.CancelAsync();
        var (code, at) = await process.Exit;
        services.Listeners.Remove(process.HostPid);
        await watched;
        var reason = memory?.Killed == true ? "OOMKilled" : code == 0 ? "Completed" : "Error";
        pod.Change(() => Status.SetTerminated(id, code, reason, null, process.StartedAt, at));
        await probed;
        return (code, at);
    }

    private async Task BackOffAsync(DateTimeOffset finishedAt)
    {
        var wait = _backoff.WaitAfter(finishedAt);
        var left = finishedAt + wait - services.Time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            var where = $"{Status.Name} in pod {pod.Name}_{pod.Namespace}({pod.Uid})";
            pod.Change(() =>
                Status.SetWaiting(
                    "CrashLoopBackOff",
                    $"back-off {wait.TotalSeconds:0}s restarting failed container={Status.Name} pod={pod.Name}_{pod.Namespace}({pod.Uid})"
                )
            );
            Warn("BackOff", $"Back-off restarting failed container {where}");
            await Task.Delay(left, services.Time, pod.Stopping);
        }

        _backoff.Restarted(services.Time.GetUtcNow());
    }

    private ContainerLog NewLog()
    {
        var folder = Directory.CreateDirectory(Path.Combine(pod.Folder, "logs", Status.Name)).FullName;
        string File(int n) => Path.Combine(folder, n.ToString(CultureInfo.InvariantCulture) + ".log");
        _previous?.Log.Dispose();
        _previous = Current;
        foreach (var old in (string[])[File(_instance - 2), File(_instance - 2) + ".1"])
        {
            System.IO.File.Delete(old);
        }

        return new ContainerLog(File(_instance), services.Options.LogFileBytes, services.Time);
    }

    private void Tell(string reason, string message) => services.Events.Normal(pod.Pod, "Pod", reason, message, Status.Name);

    private void Warn(string reason, string message) => services.Events.Warning(pod.Pod, "Pod", reason, message, Status.Name);
}
