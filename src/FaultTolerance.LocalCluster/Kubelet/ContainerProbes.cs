using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>The probes of one instance: startup first, then liveness and readiness together.</summary>
internal sealed class ContainerProbes(
    PodServices services, PodWorker pod, ContainerRunner runner, JsonObject spec, ContainerProcess process, ContainerPlan plan)
{
    private readonly TaskCompletionSource<string> _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the kind of the probe that wants the container ended.</summary>
    public Task<string> Verdict => _verdict.Task;

    /// <summary>Probes until cancelled.</summary>
    public async Task RunAsync(CancellationTokenSource cancellation)
    {
        var token = cancellation.Token;
        try
        {
            if (spec["startupProbe"] is JsonObject startup)
            {
                await LoopAsync("Startup", startup, good => EndsOn(good, "startup", token), token);
                if (_verdict.Task.IsCompleted)
                {
                    return;
                }
            }

            await Task.WhenAll(
                spec["livenessProbe"] is JsonObject live
                    ? LoopAsync("Liveness", live, good => !good && Condemn("liveness"), token)
                    : Task.CompletedTask,
                spec["readinessProbe"] is JsonObject ready
                    ? LoopAsync("Readiness", ready, good => SetReady(good, token), token)
                    : Task.CompletedTask
            );
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The container ended or the pod stops: that is how probing ends.
        }
    }

    private Task LoopAsync(string kind, JsonObject probe, Func<bool, bool> decided, CancellationToken token) =>
        ProbeLoop.RunAsync(
            ProbeSchedule.From(probe),
            process.StartedAt,
            c =>
                services.Probes.AskAsync(
                    probe,
                    spec,
                    pod.Ip,
                    (command, t) => ContainerCommand.RunAsync(services, process, plan, command, t),
                    c
                ),
            message =>
            {
                if (!process.Exit.IsCompleted)
                {
                    services.Events.Warning(pod.Pod, "Pod", "Unhealthy", $"{kind} probe failed: {message}", runner.Status.Name);
                }
            },
            decided, services.Time, token);

    private bool EndsOn(bool good, string kind, CancellationToken token)
    {
        if (!good)
        {
            return Condemn(kind);
        }

        pod.Change(() =>
        {
            if (!token.IsCancellationRequested)
            {
                runner.Status.Started = true;
                runner.Status.Ready = spec["readinessProbe"] is null;
            }
        });
        return true;
    }

    private bool SetReady(bool good, CancellationToken token)
    {
        if (runner.Status.Ready != good)
        {
            pod.Change(() =>
            {
                if (!token.IsCancellationRequested && !process.Exit.IsCompleted)
                {
                    runner.Status.Ready = good;
                }
            });
        }

        return false;
    }

    private bool Condemn(string kind)
    {
        _verdict.TrySetResult(kind);
        return true;
    }
}
