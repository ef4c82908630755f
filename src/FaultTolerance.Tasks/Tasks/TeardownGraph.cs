using FaultTolerance.Tasks.Sessions;

namespace FaultTolerance.Tasks;

/// <summary>Removes a scenario's graph and waits until it is gone. Can be run again at any time.</summary>
public sealed class TeardownGraph : ScenarioTask
{
    private protected override string Phase => "Teardown";

    private protected override string Summary(ScenarioSession session) => "removed";

    private protected override System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation) =>
        session.TearDownAsync(Patience, cancellation);

    private protected override async System.Threading.Tasks.Task AfterAsync(ScenarioSession session)
    {
        TakeLease();
        await session.DisposeAsync();
    }
}
