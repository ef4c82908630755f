using FaultTolerance.Artefacts.Events;
using FaultTolerance.Collection;
using FaultTolerance.Deployments;
using FaultTolerance.Faults;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks.Sessions;

namespace FaultTolerance.Tasks;

/// <summary>
/// Injects a scenario's faults at their times after the load's first request. A fault without proof is a warning here, so that the load
/// goes on to its end; the row is marked, and the run is not a success.
/// </summary>
public sealed class InjectFaults : ScenarioTask
{
    private IReadOnlyList<FaultOutcome> _outcomes = [];

    /// <summary>Image of ephemeral containers; empty takes <see cref="FaultOptions.DefaultShellImage"/>.</summary>
    public string ShellImage { get; set; } = "";

    /// <summary>Image with <c>tc</c> and <c>nft</c> of ephemeral containers that break a pod's network; empty for none.</summary>
    public string NetworkImage { get; set; } = "";

    private protected override string Phase => "Inject";

    private protected override string Summary(ScenarioSession session) =>
        _outcomes.Count == 0
            ? "no fault in this scenario"
            : string.Join(
                "; ",
                _outcomes.Select(o => o.Proof is { } proof ? $"{o.Target}: {proof.Text}" : $"{o.Target ?? o.Service}: NOT PROVEN")
            );

    private protected override async System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation)
    {
        var failure = session.Scenario.Failure;
        if (failure.Faults.Length == 0)
        {
            return;
        }

        var first = session.Load is { } load
            ? await load.FirstRequest.WaitAsync(cancellation)
            : await TimelineTail.WhenAsync<FirstRequestSent, LoadEnded>(session.Folder.Timeline, cancellation)
                ?? throw new FaultMatrixException(
                    "FT0504",
                    $"The load of {session.Scenario.Name} has ended already; ./build.sh Load --scenario {session.Scenario.Name} starts another."
                );
        var begun = first;

        // Another point of the clients' period in each trial.
        first += FaultPhase.Of(session.Scenario.Load, session.Scenario.Trial, session.Seed);
        var due = first + failure.Faults[0].After - session.Timeline.Clock.Now;
        Report.Report(
            "progress",
            "",
            ("secondsToFault", due.TotalSeconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture))
        );
        await using var stop = session.Scenario.Load.StopWhen is null ? null
            : StopFollower.Start(session.Folder.Timeline, begun, session.Cluster.Time);
        using var metrics = new PodMetricsClient(session.Cluster);
        var injector = new FaultInjector(
            new FaultScene(
                session.Cluster,
                session.Watch,
                session.Log,
                session.Timeline,
                new FaultOptions
                {
                    Load = session.Load is { } own ? new LoadEyes(own, session.Folder.Timeline, session.Timeline.Clock) : null,
                    Metrics = metrics.AskAsync,
                    Stop = stop?.Stop ?? CancellationToken.None,
                    Seed = session.Seed + session.Scenario.Trial - 1,
                    ShellImage = ScenarioSource.Given(ShellImage) ?? FaultOptions.DefaultShellImage,
                    NetworkImage = ScenarioSource.Given(NetworkImage),
                    BeforeDelete = session.Keeper.SaveBeforeDeleteAsync,
                    Door = new ClientDoor(session.Transport, session.Model),
                    ModelAnswers = token => FrontendProbe.UntilAnsweredAsync(
                        session.Transport, session.Model, session.Cluster.Time, static _ => { }, token, session.Scenario.Load.Timeout),
                    Journal = Path.Combine(session.Folder.Path, "undo.jsonl"),
                }
            ),
            FaultKinds.Standard
        );
        _outcomes = await injector.RunAsync(failure, first, cancellation);
        foreach (var outcome in _outcomes)
        {
            if (outcome.Proof is null)
            {
                Log.LogWarning(
                    null,
                    outcome.Error!.Code,
                    null,
                    null,
                    0,
                    0,
                    0,
                    0,
                    "{0}",
                    $"fault {outcome.Id} on {outcome.Target ?? outcome.Service} is not proven: {outcome.Error.Message}"
                );
            }
        }
    }
}
