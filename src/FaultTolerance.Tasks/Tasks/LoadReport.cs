using System.Globalization;
using FaultTolerance.Load;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks;

/// <summary>Waits for a load's end and reports on it each second.</summary>
internal static class LoadReport
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>What became of the requests, in a line.</summary>
    public static string Sum(LoadTotals totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        var apart = totals.Apart == 0 ? "" : $"{totals.Apart} that say nothing of the service, ";
        return $"{totals.Succeeded} ok, {totals.Failed} failed, {apart}{totals.NotSent} not sent of {totals.Planned}";
    }

    /// <summary>Waits until every request is accounted for; a cancel stops the load first.</summary>
    /// <param name="load">The load.</param>
    /// <param name="spec">What it was asked for.</param>
    /// <param name="report">Where the reports go.</param>
    /// <param name="time">For the second.</param>
    /// <param name="pods">Which pods are ready, in few words; empty for none.</param>
    /// <param name="cancellation">Ends the load.</param>
    public static async Task<LoadTotals> WhileAsync(
        ILoadRun load, LoadSpec spec, Progress report, TimeProvider time, Func<string> pods, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(load);
        using var ended = new CancellationTokenSource();
        var reporting = ReportAsync(load, spec, report, time, pods, ended.Token);
        try
        {
            return await load.Completion.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await load.StopAsync("cancelled");
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            await reporting;
        }
    }

    private static async System.Threading.Tasks.Task ReportAsync(
        ILoadRun load, LoadSpec spec, Progress report, TimeProvider time, Func<string> pods, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Second, time);
        var before = load.Progress;
        var rate = spec.RatePerClient * spec.Clients;
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                var now = load.Progress;
                var left = now.Planned - now.Succeeded - now.Failed - now.Apart;
                report.Report(
                    "progress",
                    "",
                    ("ok", Text(now.Succeeded)),
                    ("failed", Text(now.Failed)),
                    ("okPerSecond", Text(now.Succeeded - before.Succeeded)),
                    ("failedPerSecond", Text(now.Failed - before.Failed)),
                    ("remainingSeconds", Text((long)Math.Ceiling(left / rate))),
                    ("pods", pods()));
                before = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
