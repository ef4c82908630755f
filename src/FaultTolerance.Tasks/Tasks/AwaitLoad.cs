using FaultTolerance.Load;
using FaultTolerance.Tasks.Sessions;

namespace FaultTolerance.Tasks;

/// <summary>
/// Waits until the load that <see cref="StartLoad"/> began has accounted for every request, and reports on it each second.
/// </summary>
public sealed class AwaitLoad : ScenarioTask
{
    private LoadTotals? _totals;

    private protected override string Phase => "Load";

    // It was started before the fault, by another task.
    private protected override string Opening => "awaited";

    private protected override string Summary(ScenarioSession session) => _totals is null ? "nothing was started" : LoadReport.Sum(_totals);

    private protected override async System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation)
    {
        if (session.Load is not { } load)
        {
            return;
        }

        try
        {
            _totals = await LoadReport.WhileAsync(load, session.Scenario.Load, Report, Time, session.PodsInShort, cancellation);
        }
        finally
        {
            session.LoadAwaited = true;
            await session.StopSamplingAsync();
        }
    }
}
