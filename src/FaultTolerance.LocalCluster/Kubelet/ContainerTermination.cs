using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>Ends a running container: preStop, SIGTERM, and SIGKILL when the grace is over.</summary>
internal static class ContainerTermination
{
    /// <summary>Ends it and waits until all its processes are gone.</summary>
    /// <param name="services">What pods share.</param>
    /// <param name="pod">Its pod.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="process">What to end.</param>
    /// <param name="plan">How it was started.</param>
    /// <param name="verdict">Completed when a probe asked for the end; its result says which.</param>
    public static async Task EndAsync(
        PodServices services, PodWorker pod, JsonObject spec, ContainerProcess process, ContainerPlan plan, Task<string> verdict)
    {
        var name = spec.Text("name") ?? "";
        var byProbe = !pod.Stopping.IsCancellationRequested && verdict.IsCompletedSuccessfully;
        services.Events.Normal(
            pod.Pod,
            "Pod",
            "Killing",
            byProbe ? $"Container {name} failed {await verdict} probe, will be restarted" : $"Stopping container {name}",
            name
        );
        using var own = new CancellationTokenSource(pod.SpecGrace, services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(own.Token, pod.GraceOver);
        var graceOver = byProbe ? both.Token : pod.GraceOver;
        try
        {
            if (spec.At("lifecycle", "preStop") is JsonObject preStop && !graceOver.IsCancellationRequested)
            {
                await PreStopAsync(services, pod, spec, preStop, process, plan, graceOver);
            }

            process.Signal(ProcessSignals.Terminate);
            await process.Exit.WaitAsync(graceOver);
        }
        catch (OperationCanceledException) when (graceOver.IsCancellationRequested)
        {
            process.Signal(ProcessSignals.Kill);
            await process.Exit;
        }
    }

    private static async Task PreStopAsync(
        PodServices services,
        PodWorker pod,
        JsonObject spec,
        JsonObject preStop,
        ContainerProcess process,
        ContainerPlan plan,
        CancellationToken graceOver
    )
    {
        if (preStop.Number("sleep", "seconds") is { } seconds)
        {
            await Task.WhenAny(process.Exit, Task.Delay(TimeSpan.FromSeconds(seconds), services.Time, graceOver));
            return;
        }

        var answer = await services.Probes.AskAsync(
            preStop, spec, pod.Ip, (command, c) => ContainerCommand.RunAsync(services, process, plan, command, c), graceOver);
        if (!answer.Success)
        {
            services.Events.Warning(pod.Pod, "Pod", "FailedPreStopHook", $"PreStopHook failed: {answer.Message}", spec.Text("name"));
        }
    }
}

/// <summary>Runs a command in a container to its end, for probes and hooks.</summary>
internal static class ContainerCommand
{
    /// <summary>Exit code and the beginning of what it printed.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        PodServices services, ContainerProcess process, ContainerPlan plan, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var start = services.Isolation.Exec(process.HostPid, command, plan.WorkingDirectory, plan.Environment, merged: true);
        try
        {
            await using var session = await ExecSession.StartAsync(services.Spawner, start, stdin: false, services.Isolation.HasMounts,
                cancellation);
            var output = await ProbeActions.ReadSomeAsync(session.Output, cancellation);
            return (await session.WaitAsync(cancellation), output);
        }
        catch (ExecStartException e)
        {
            const int NotFound = 127;
            return (NotFound, e.Message);
        }
    }
}
