using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>
/// Keeps a worker's lease: says three times a lease that it is alive. A process that was stopped for longer finds its lease over when it
/// goes on; with etcd it ends then, and with files it stays, unknown to all.
/// </summary>
internal sealed class LeaseKeeper(TodaySettings settings, RequestListener requests, ConsoleLog log, TimeProvider time)
{
    private const string Target = "dynamo_runtime::transports::etcd::lease";

    /// <summary>Completes when the lease is over and the worker is to end for it; never where no leases are kept.</summary>
    public async Task LostAsync(CancellationToken stop)
    {
        if (!settings.HasLeases || settings.Lease == TimeSpan.Zero)
        {
            await UntilStoppedAsync(stop);
            return;
        }

        using var timer = new PeriodicTimer(settings.ScanEvery, time);
        var kept = time.GetTimestamp();
        while (await NextAsync(timer, stop))
        {
            if (time.GetElapsedTime(kept) > settings.Lease)
            {
                if (settings.Discovery == DiscoveryBackend.Etcd)
                {
                    log.Error(Target, "Keep-alive lease expired");
                    log.Error(Target, "Unable to maintain lease. Check etcd server status");
                    return;
                }

                await UntilStoppedAsync(stop);
                return;
            }

            kept = time.GetTimestamp();
            await requests.TellAsync(WorkerNotice.Alive);
        }
    }

    private async Task UntilStoppedAsync(CancellationToken stop) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
