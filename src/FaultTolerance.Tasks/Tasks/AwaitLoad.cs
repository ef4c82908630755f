using System.Globalization;
using FaultTolerance.Load;
using FaultTolerance.Tasks.Sessions;

namespace FaultTolerance.Tasks;

/// <summary>
/// Waits until the load that <see cref="StartLoad"/> began has accounted for every request, and reports on it each second.
/// </summary>
public sealed class AwaitLoad : ScenarioTask
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private LoadTotals? _totals;

    private protected override string Phase => "Load";

    // It was started before the fault, by another task.
    private protected override string Opening => "awaited";

    private protected override string Summary(ScenarioSession session) => _totals is null
        ? "nothing was started"
        : $"{_totals.Succeeded} ok, {_totals.Failed} failed, {Apart(_totals)}{_totals.NotSent} not sent of {_totals.Planned}";

    private protected override async System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation)
    {
        if (session.Load is not { } load)
        {
            return;
        }

        using var ended = new CancellationTokenSource();
        var reporting = ReportAsync(session, load, ended.Token);
        try
        {
            _totals = await load.Completion.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await load.StopAsync("cancelled");
            throw;
        }
        finally
        {
            session.LoadAwaited = true;
            await ended.CancelAsync();
            await reporting;
            await session.StopSamplingAsync();
        }
    }

    private async System.Threading.Tasks.Task ReportAsync(ScenarioSession session, ILoadRun load, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Second, Time);
        var before = load.Progress;
        var rate = session.Scenario.Load.RatePerClient * session.Scenario.Load.Clients;
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                var now = load.Progress;
                var left = now.Planned - now.Succeeded - now.Failed - now.Apart;
                Report.Report(
                    "progress",
                    "",
                    ("ok", Text(now.Succeeded)),
                    ("failed", Text(now.Failed)),
                    ("okPerSecond", Text(now.Succeeded - before.Succeeded)),
                    ("failedPerSecond", Text(now.Failed - before.Failed)),
                    ("remainingSeconds", Text((long)Math.Ceiling(left / rate))),
                    ("pods", session.PodsInShort()));
                before = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }

    private static string Apart(LoadTotals totals) => totals.Apart == 0 ? "" : $"{totals.Apart} that say nothing of the service, ";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
