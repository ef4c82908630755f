using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>
/// The end of a worker of today that was told to stop: it leaves at once, an engine's worker looks on for a while in case requests are
/// still on their way, and then what it has is finished.
/// </summary>
internal static class Drain
{
    private const string Target = "dynamo_runtime::runtime";

    /// <summary>Returns when nothing is in flight any more, or the grace is over.</summary>
    public static async Task RunAsync(
        TodaySettings settings,
        TimeSpan pause,
        RequestListener requests,
        WorkerHandler handler,
        SystemEndpoint system,
        Registration registration,
        ConsoleLog log,
        TimeProvider time
    )
    {
        log.Info("log", "Received shutdown signal, shutting down DistributedRuntime instances");
        log.Info(Target, "Runtime readiness withdrawn for shutdown");
        system.Withdraw();
        log.Info(Target, "Phase 1: Cancelling endpoint shutdown token");
        using var grace = new CancellationTokenSource(settings.WorkerGrace, time);
        await registration.WithdrawAsync(grace.Token);
        await requests.AnnounceAsync(WorkerNotice.Bye).WaitAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        log.Info(Target, "Phase 2: Waiting for graceful endpoints to complete");
        await Task.Delay(pause, time, grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        handler.Ready = false;
        await requests.InFlight.IdleAsync().WaitAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        log.Info(Target, "Phase 3: Connections to backend services will now be disconnected");
    }
}
