using FaultTolerance.Collection;
using FaultTolerance.Deployments;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Urls;
using FaultTolerance.Planning;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks.Sessions;

namespace FaultTolerance.Tasks;

/// <summary>Starts a scenario's load in the background; <see cref="AwaitLoad"/> waits for its end.</summary>
public sealed class StartLoad : ScenarioTask
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private protected override string Phase => "Load";

    private protected override bool Observes => true;

    private protected override string Summary(ScenarioSession session) =>
        $"started: {session.Scenario.Load.Clients} clients, {session.Scenario.Load.Planned} requests"
        + (session.Scenario.Load.ProbeRate > 0 ? ", and one client from here beside them" : "");

    private protected override async System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation)
    {
        session.Model ??= await AnsweringModelAsync(session, cancellation);
        session.Sampler = MetricsSampler.Start(
            session.Cluster,
            session.Watch,
            session.Folder,
            session.Timeline.Clock,
            MetricsSampler.Every(ExpectedDuration.OfLoad(session.Scenario.Load))
        );
        // What the pods had counted before is not the load's.
        await session.Sampler.FirstLook.WaitAsync(cancellation);
        if (session.Scenario.Failure.External is { } external)
        {
            session.Timeline.Write(new ExternalExpected(external.After?.TotalSeconds));
        }

        var load = session.Scenario.Load with { Seed = session.Scenario.Load.Seed + session.Seed - 1 + session.Scenario.Trial - 1 };
        if (load.Pods > 0)
        {
            session.Load = await PodLoad.StartAsync(session, load, LastFaultDue(session), cancellation);
        }
        else
        {
            StartHere(session, load);
        }

        session.Health = CheckCatalog.Default.ServicesFor(CheckNeed.Health, session.Scenario.Checks) is { } asked
            ? HealthWatch.Start(session.Cluster, session.Watch, asked, session.Timeline) : null;
    }

    private static void StartHere(ScenarioSession session, LoadSpec load)
    {
        session.Load = LoadGenerator.Start(
            load,
            session.Model!,
            session.Transport,
            session.Folder,
            session.Timeline,
            new LoadOptions
            {
                LastFaultDue = LastFaultDue(session),
                WatchSteady = session.Scenario.Failure.WaitsForSteady,
                Headers = (session.Transport as UrlTransport)?.Headers ?? RequestHeaders.None,
            },
            CancellationToken.None
        );
        session.Ways = session.Transport.IsTunnel ? WayWatch.Start(session.Cluster, session.Transport, session.Timeline) : null;
    }

    private static TimeSpan? LastFaultDue(ScenarioSession session) => session.Scenario.Failure.Faults is { Length: > 0 } faults
        ? faults.Aggregate(FaultPhase.Of(session.Scenario.Load, session.Scenario.Trial, session.Seed), (due, fault) => due + fault.After)
        : session.Scenario.Failure.External?.After;

    private async Task<string> AnsweringModelAsync(ScenarioSession session, CancellationToken cancellation)
    {
        var last = "no answer yet";
        using var limit = new CancellationTokenSource(AnswerLimit, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await FrontendProbe.UntilAnsweredAsync(
                session.Transport,
                session.Scenario.Deployment.Model,
                Time,
                text => last = text,
                both.Token
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0406",
                $"graph '{session.Watch.Graph.Name}' does not answer ({last}); ./build.sh Deploy --scenario {session.Scenario.Name} deploys it"
            );
        }
    }
}
