using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>How long the parts took to start: measured with the real one, given to the stand-in.</summary>
/// <param name="Frontend">From its start until it listens.</param>
/// <param name="Workers">From their start until they are registered.</param>
/// <param name="Restart">The same of what was hit.</param>
internal sealed record StartTimes(TimeSpan Frontend, IReadOnlyList<TimeSpan> Workers, TimeSpan Restart)
{
    public static StartTimes None { get; } = new(TimeSpan.Zero, [], TimeSpan.Zero);
}

/// <summary>
/// Takes a service through a fault: the fault comes a fixed time after the last worker is registered. Leases are kept, and dead workers
/// asked again, at times that are counted from there.
/// </summary>
internal static class RowRun
{
    // Dead workers are asked again every five seconds: a fault just before that is met by one of two services and not by the other.
    private const double FaultAfterRegistration = 5.45;
    private const double LoadBefore = 1.5;

    public static async Task<(RowResult Result, StartTimes Took)> RunAsync(Subject subject, FaultRow row, StartTimes take)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var frontend = await subject.StartFrontendAsync(row.FrontendArguments, take.Frontend);
        using var prober = new Prober(subject.Frontend, subject.Model, row.Tokens);
        var workers = await subject.StartWorkersAsync(row, take.Workers);
        var faultAt = workers[^1].TotalSeconds + FaultAfterRegistration;
        for (var i = 0; i < 2 * row.Workers; i++)
        {
            await prober.ProbeAsync(stream: i % 2 == 0, cancellation);
        }

        Assert.True(prober.Now < faultAt - LoadBefore, "the first requests took too long: the machine is too busy for this");
        await UntilAsync(prober, faultAt - LoadBefore);
        var load = prober.RunAsync(faultAt + row.Seconds, cancellation);
        await UntilAsync(prober, faultAt);
        var victim = row.OfFrontend ? subject.FrontendId : subject.WorkerId(0);
        var ordered = prober.Now;
        StandInProcess.Kill(victim, row.Signal);
        var exit = ExitAsync();
        var restart = await RestartAsync();
        if (row.ContinueAt is { } at)
        {
            await UntilAsync(prober, ordered + at);
            StandInProcess.Kill(victim, FaultRow.Continue);
        }

        var probes = (await load).Where(probe => probe.Sent >= faultAt - LoadBefore)
            .Select(probe => probe with { Sent = probe.Sent - ordered, Ended = probe.Ended - ordered }).ToList();
        var exited = row.Signal == FaultRow.Stop ? (double?)null : await exit;
        return (RowResult.Of(probes, exited), new(frontend, workers, restart));

        async Task<double> ExitAsync()
        {
            await subject.ExitAsync(victim);
            return prober.Now - ordered;
        }

        async Task<TimeSpan> RestartAsync()
        {
            if (row.RestartAt is not { } restartAt)
            {
                return TimeSpan.Zero;
            }

            await exit;
            await UntilAsync(prober, ordered + restartAt);
            return row.OfFrontend
                ? await subject.StartFrontendAsync(row.FrontendArguments, take.Restart)
                : await subject.RestartWorkerAsync(0, row, take.Restart);
        }
    }

    private static Task UntilAsync(Prober prober, double when) =>
        Task.Delay(TimeSpan.FromSeconds(Math.Max(0, when - prober.Now)), TestContext.Current.CancellationToken);
}
