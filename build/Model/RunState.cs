namespace FaultMatrix.Build.Model;

/// <summary>A progress event of a scenario, see ARCHITECTURE.md; what is not known is null.</summary>
internal sealed record ProgressEvent(string Scenario, string Phase, string State, string Text)
{
    /// <summary>Requests that succeeded so far.</summary>
    public long? Ok { get; init; }

    /// <summary>Requests that failed so far.</summary>
    public long? Failed { get; init; }

    /// <summary>Successes per second, over the last seconds.</summary>
    public double? OkPerSecond { get; init; }

    /// <summary>Failures per second, over the last seconds.</summary>
    public double? FailedPerSecond { get; init; }

    /// <summary>Seconds until the next fault.</summary>
    public double? SecondsToFault { get; init; }

    /// <summary>Seconds until the phase is expected to end.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>The state of the graph's pods, as one short text.</summary>
    public string? Pods { get; init; }
}

/// <summary>Where a scenario stands.</summary>
internal sealed record ScenarioState(string Name)
{
    /// <summary>The latest progress event, or null before the first.</summary>
    public ProgressEvent? Progress { get; init; }

    /// <summary>The phase it is in, or empty before the first.</summary>
    public string Phase { get; init; } = "";

    /// <summary>Whether a phase has begun.</summary>
    public bool Started { get; init; }

    /// <summary>Whether it is through, its teardown included.</summary>
    public bool Finished { get; init; }

    /// <summary>Whether its artefacts were collected: doing so again, over a graph that is being removed, would spoil them.</summary>
    public bool Collected { get; init; }

    /// <summary>Whether anything of it failed.</summary>
    public bool Failed { get; init; }

    /// <summary>When the current phase began.</summary>
    public DateTimeOffset Since { get; init; }
}

/// <summary>What a target did, over all scenarios.</summary>
/// <param name="Succeeded">Scenarios in which it succeeded.</param>
/// <param name="Failed">Scenarios in which it failed.</param>
/// <param name="Scenarios">Time over all scenarios, added up.</param>
/// <param name="Own">Time of the target of that name for the whole matrix.</param>
internal sealed record TargetTally(int Succeeded, int Failed, TimeSpan Scenarios, TimeSpan Own)
{
    /// <summary>Whether the target for the whole matrix failed.</summary>
    public bool OwnFailed { get; init; }
}

/// <summary>An error or a warning of a run.</summary>
/// <param name="IsError">An error, or a warning.</param>
/// <param name="Origin">The scenario and phase it came from, or empty.</param>
/// <param name="Error">What is wrong.</param>
internal sealed record RunProblem(bool IsError, string Origin, FrontError Error);

/// <summary>How a run stands, for whoever shows it.</summary>
internal interface IRunState
{
    /// <summary>All errors and warnings so far, in order.</summary>
    IReadOnlyList<RunProblem> Problems { get; }

    /// <summary>A copy of all scenarios' states, in the order of their selection.</summary>
    IReadOnlyList<ScenarioState> Snapshot();

    /// <summary>What a target did so far: null if it never ran.</summary>
    TargetTally? Tally(string target);
}
