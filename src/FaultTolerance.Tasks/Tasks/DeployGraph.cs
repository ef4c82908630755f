using FaultTolerance.Cluster;
using FaultTolerance.Deployments;
using FaultTolerance.Deployments.Platform;
using FaultTolerance.Faults;
using FaultTolerance.Tasks.Sessions;

namespace FaultTolerance.Tasks;

/// <summary>Creates a scenario's graph and waits until it answers.</summary>
public sealed class DeployGraph : ScenarioTask
{
    private DeployedGraph? _deployed;

    /// <summary>How long it may take until the graph answers, seconds; empty is 1800, the reference suite's.</summary>
    public string ReadyTimeout { get; set; } = "";

    /// <summary>How long the graph may say without a break that it failed, seconds; empty is 120.</summary>
    public string FailedTimeout { get; set; } = "";

    /// <summary>Image with tc, ip and nft of the container that breaks a pod's network; empty for none.</summary>
    public string NetworkImage { get; set; } = "";

    /// <summary>Set to restart the platform's etcd and NATS before.</summary>
    public bool RestartPlatform { get; set; }

    private protected override string Phase => "Deploy";

    private protected override bool Observes => true;

    private protected override bool NeedsNamespace => true;

    private protected override string Summary(ScenarioSession session) => $"ready after {_deployed!.Startup.TotalSeconds:0.00} s";

    private protected override async System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation)
    {
        var options = new FaultOptions { NetworkImage = ScenarioSource.Given(NetworkImage) };
        await FaultKinds.Standard.RequireAsync(session.Scenario.Failure, session.Cluster, options, cancellation);
        if (RestartPlatform)
        {
            await new PlatformRestart(session.Cluster, session.Log, Tell).RunAsync(
                Seconds(ReadyTimeout, TimeSpan.FromSeconds(1800)),
                cancellation
            );
        }

        var deployer = new GraphDeployer(session.Cluster, session.Watch, session.Transport, session.Log, session.Timeline, Tell)
        {
            FailedPatience = Seconds(FailedTimeout, ReadinessWait.DefaultFailedPatience),
        };
        var clock = ClockOffset.MeasureAsync(session.Cluster, session.Timeline, cancellation);
        _deployed = await deployer.DeployAsync(
            session.Scenario.Deployment.Model, Seconds(ReadyTimeout, TimeSpan.FromSeconds(1800)), cancellation);
        session.Model = _deployed.Model;
        await clock;
    }
}
