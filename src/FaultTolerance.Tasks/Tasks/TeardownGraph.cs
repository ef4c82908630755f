using FaultTolerance.Cluster.Sharing;
using FaultTolerance.Tasks.Sessions;

namespace FaultTolerance.Tasks;

/// <summary>Removes a scenario's graph and waits until it is gone. Can be run again at any time.</summary>
public sealed class TeardownGraph : ScenarioTask
{
    private protected override string Phase => "Teardown";

    private protected override bool Measures => false;

    private protected override string Summary(ScenarioSession session) => "removed";

    /// <summary>Set to wait for another run in the namespace to end instead of refusing.</summary>
    public bool Wait { get; set; }

    /// <summary>Set where this build made the deployment: the namespace is held for it then.</summary>
    public bool OwnsNamespace { get; set; }

    private protected override async System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation)
    {
        if (!OwnsNamespace)
        {
            await NamespaceLease.RefuseOthersAsync(session.Cluster, Wait, Tell, cancellation);
        }

        await session.TearDownAsync(Patience, Tell, cancellation);
    }

    private protected override async System.Threading.Tasks.Task AfterAsync(ScenarioSession session)
    {
        TakeLease();
        await session.DisposeAsync();
    }
}
