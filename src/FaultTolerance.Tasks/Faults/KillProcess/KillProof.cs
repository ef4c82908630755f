using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Channels;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Processes;
using k8s.Models;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>Sends the signal and sees its effect, in the container or by the pod's status, whichever tells first.</summary>
/// <param name="context">The fault.</param>
/// <param name="target">The container.</param>
/// <param name="list">Its processes, and whose shell is to be used.</param>
/// <param name="processes">The processes to be killed.</param>
/// <param name="signal">The signal.</param>
/// <param name="before">The container's status before.</param>
internal sealed class KillProof(
    FaultContext context,
    PodTarget target,
    ProcessList list,
    IReadOnlyList<ContainerProcess> processes,
    string signal,
    V1ContainerStatus? before)
{
    private const string NoMeans = "its container has neither a prlimit nor a Python that may limit it";
    private readonly KillWatch _watch = new(processes, () => context.Timeline.Clock.Now);

    /// <summary>Kills them, and returns when they were seen to be gone.</summary>
    /// <exception cref="FaultMatrixException">FT0606, FT0607, FT0612: they were not ended, or not by this.</exception>
    public async Task<Landing> KillAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var died = DiedAsync(ends.Token);
        var gone = GoneAsync(ends.Token);
        try
        {
            var first = await Task.WhenAny(gone, died);

            // A broken exec is what the container's own end looks like; then only the pod's status can tell.
            return first == gone && (gone.IsCompletedSuccessfully || gone.Exception?.InnerException is not ClusterException)
                ? await gone : _watch.Ended(await died);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw NoProof();
        }
        finally
        {
            await ends.CancelAsync();
            await Rest.EndAsync(gone, died);
        }
    }

    /// <summary>Has the kernel kill PID 1 by a limit, and returns when its container ended with 137, as one that was killed does.</summary>
    /// <exception cref="FaultMatrixException">FT0606, FT0612, FT0616, FT0617: it was not killed, or not by this.</exception>
    public async Task<Landing> CrashAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await LimitAsync(list.Shell, ends.Token);
            if (_watch.Sent == 0 && _watch.Failed is not null && list.Shell == target.Container)
            {
                await LimitAsync(await LendAsync(ends.Token), ends.Token);
            }

            if (_watch.Sent == 0 && _watch.Failed is not null)
            {
                throw CrashLimit.Impossible(target, NoMeans);
            }

            var looking = LookAsync(ends.Token);
            var end = await DiedAsync(ends.Token);
            await ends.CancelAsync();
            await Rest.EndAsync(looking);
            return CrashLimit.Proves(end)
                ? _watch.Ended(end)
                : throw new FaultMatrixException(
                    "FT0617",
                    $"PID 1 of container '{target.Container}' in pod '{target.Name}' was to be killed, but {end.Text}: something else ended it"
                );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw NoProof(": the kernel kills it in its next moment of work after a second of processor time, which it did not use");
        }
    }

    private async Task LimitAsync(string shell, CancellationToken cancellation)
    {
        var first = processes.First(process => process.Pid == 1);
        var command = KillScript.CrashCommand(first, ContainerClock.Rounds);
        var result = await context.Session.Exec.RunAsync(
            target.Name, shell, command, context.Options.ExecTimeout, cancellation, answer: _watch.Hear);
        if (_watch.Left.Count < processes.Count)
        {
            throw new FaultMatrixException("FT0612", $"PID 1 of pod '{target.Name}' ended by itself before {signal} was sent");
        }

        if (_watch.Sent == 0 && _watch.Failed is null && result.ExitCode is not null)
        {
            throw CrashLimit.Impossible(target, $"{result.Failure} {result.Errors}".Trim());
        }
    }

    // How long it lived is known by the looks: the news of its end says only that it ended before. What lives for a second is idle.
    private async Task LookAsync(CancellationToken cancellation)
    {
        ExecResult result;
        var command = KillScript.KillCommand("0", _watch.Left);
        do
        {
            result = await context.Session.Exec.RunAsync(
                target.Name, list.Shell, command, context.Options.ExecTimeout, cancellation, answer: _watch.Hear);
            command = CrashWork.Command(processes.First(process => process.Pid == 1));
        } while (result.ExitCode is not null && _watch.Left.Count > 0);
    }

    // The container's own means did not do; an ephemeral container may bring some.
    private async Task<string> LendAsync(CancellationToken cancellation)
    {
        try
        {
            return await EphemeralShell.OpenAsync(context, target, cancellation);
        }
        catch (FaultMatrixException e)
        {
            throw CrashLimit.Impossible(target, $"{NoMeans} ({e.Message})", e);
        }
    }

    private async Task<Landing> GoneAsync(CancellationToken cancellation)
    {
        var command = KillScript.KillCommand(signal, processes, rounds: ContainerClock.Rounds);
        while (true)
        {
            var result = await context.Session.Exec.RunAsync(
                target.Name, list.Shell, command, context.Options.ExecTimeout, cancellation, answer: _watch.Hear);
            if (_watch.Left.Count == 0)
            {
                var (pids, starts) = (string.Join(", ", processes.Select(t => t.Pid)), string.Join(", ", processes.Select(t => t.Start)));
                return _watch.Sent > 0 ? _watch.Landed($"process gone (PID {pids}, start {starts})") : throw new FaultMatrixException(
                    "FT0612", $"the processes to kill in pod '{target.Name}' ended by themselves before {signal} was sent");
            }

            if (_watch.Failed is { } failed)
            {
                throw new FaultMatrixException(
                    "FT0607", $"pod '{target.Name}' does not let us send {signal}: {failed}; the container's user may not");
            }

            if (result.ExitCode is null)
            {
                throw new ClusterException("FT0312", result.Failure ?? "the connection to the container broke");
            }

            // Signal 0 only asks: it was sent once, and what is left is on its way out.
            command = KillScript.KillCommand("0", _watch.Left);
        }
    }

    private Task<ContainerEnded> DiedAsync(CancellationToken cancellation) =>
        context.Watch.WhenAsync(_ => ContainerEnded.Since(before, target, context.Watch.Find(target.Pod.Uid)), cancellation);

    private FaultMatrixException NoProof(string why = "") => new(
        "FT0606",
        $"no proof within {context.Options.ProofTimeout.TotalSeconds:0.#} s that {signal} ended "
        + $"{string.Join(", ", processes.Select(t => $"PID {t.Pid} '{t.CommandLine}'"))} in pod '{target.Name}'{why}");
}
