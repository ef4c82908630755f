using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load.Recording;
using FaultTolerance.Load.Work;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load;

/// <summary>Sends requests to the frontends of a graph and records each of them.</summary>
internal static class LoadGenerator
{
    /// <summary>
    /// Starts a load. It runs in the background until every planned request is accounted for, <see cref="ILoadRun.StopAsync"/> is
    /// called, or <paramref name="cancellation"/> is: the books then still add up, and the client logs are whole.
    /// </summary>
    /// <param name="spec">What to send.</param>
    /// <param name="model">The model's name in the requests.</param>
    /// <param name="transport">The way to the frontends; stays the caller's.</param>
    /// <param name="folder">Where the client logs go.</param>
    /// <param name="timeline">Where the load's events go, and the run's clock; stays the caller's until the load has ended.</param>
    /// <param name="options">How the generator works.</param>
    /// <param name="cancellation">Ends the load.</param>
    /// <exception cref="FaultMatrixException">
    /// <c>FT0501</c>: the logs cannot be made; <c>FT0503</c>: the load asks for what cannot be; <c>FT0505</c>: the scenario has had its
    /// load. Later, from
    /// <see cref="ILoadRun.Completion"/>: <c>FT0502</c>, the disk failed;
    /// <c>FT0901</c>, the books do not add up.
    /// </exception>
    public static ILoadRun Start(
        LoadSpec spec, string model, IFrontendTransport transport, ScenarioFolder folder, TimelineWriter timeline,
        LoadOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(timeline);
        if (spec.Clients < 1 || spec.Attempts < 1 || spec.InputTokens < 1)
        {
            throw new FaultMatrixException("FT0503", $"Load '{spec.Name}' needs at least one client, one attempt and one input token.");
        }

        if (spec is { Mode: LoadMode.Open, RatePerClient: not > 0 })
        {
            throw new FaultMatrixException("FT0503", $"Load '{spec.Name}' is an open loop and needs an arrival rate above 0.");
        }

        if (spec is { Sessions: not null, Api: Api.Completions } or { Sessions: not null, Mode: LoadMode.Open })
        {
            throw new FaultMatrixException("FT0503", $"Load '{spec.Name}' has sessions, which closed loads that chat can have alone.");
        }

        RefuseSecond(folder);
        var work = LoadWork.Of(spec);
        LoadContext? load = null;
        var logs = new ClientLogs(folder, options?.Share ?? new(0, spec.Clients), timeline.Clock, error => load!.End(error.Message));
        load = new LoadContext(spec, model, transport, timeline.Clock, logs, options ?? new(), work);
        logs.Start();
        return new LoadRun(load, folder, timeline, cancellation);
    }

    /// <summary>Refuses a second load of a scenario in a run.</summary>
    /// <exception cref="FaultMatrixException">FT0505.</exception>
    public static void RefuseSecond(ScenarioFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (Timeline.Read(folder.Timeline).Of<LoadStarted>().Any())
        {
            throw new FaultMatrixException(
                "FT0505",
                $"the load of '{Path.GetFileName(folder.Path)}' was made already in this run, and its clients' logs are kept; "
                + "begin a new run for another");
        }
    }
}
