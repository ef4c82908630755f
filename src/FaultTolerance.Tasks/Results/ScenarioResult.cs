using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.AiPerf;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Results.Continuity;
using FaultTolerance.Results.External;
using FaultTolerance.Results.Legacy;
using FaultTolerance.Results.Numbers;
using FaultTolerance.Results.Rates;
using FaultTolerance.Results.Reading;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Soaks;
using FaultTolerance.Results.Upgrades;
using FaultTolerance.Results.Vantages;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Results;

/// <summary>How far a row can be trusted.</summary>
internal enum RowState
{
    /// <summary>Executed, its fault proven, its books in order.</summary>
    Measured,

    /// <summary>A baseline: no fault was asked for.</summary>
    Baseline,

    /// <summary>Read from a folder without a timeline: nothing says whether the fault happened.</summary>
    Unverified,

    /// <summary>No proof that the fault happened.</summary>
    Unproven,

    /// <summary>The books do not add up, parts of the artefacts cannot be read, or the load generator was beyond its limits.</summary>
    Invalid,

    /// <summary>A phase failed, or there are no artefacts.</summary>
    Failed,
}

/// <summary>One row: a scenario as its artefacts tell it.</summary>
internal sealed record ScenarioResult
{
    /// <summary>The scenario's name; of a later trial the row's name, a dot and the trial's number.</summary>
    public required string Name { get; init; }

    /// <summary>Which trial of its row it is, from 1.</summary>
    public int Trial { get; init; } = 1;

    /// <summary>The name that all trials of the row share.</summary>
    public string RowName => Trial == 1 ? Name : Name[..Name.LastIndexOf('.')];

    /// <summary>The table it belongs to: the name but for the failure.</summary>
    public required string Group { get; init; }

    /// <summary>The folder, full path.</summary>
    public required string Folder { get; init; }

    /// <summary>The reference suite's columns; its failure is the row's label.</summary>
    public required LegacyRow Row { get; init; }

    /// <summary>How far the row can be trusted.</summary>
    public required RowState State { get; init; }

    /// <summary>What a reader of the row must know, one sentence each: what failed, what is unproven, what was assumed.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Requests by what became of them.</summary>
    public required RequestBooks Books { get; init; }

    /// <summary>What AIPerf says of each client's attempts; empty where it did not make the load.</summary>
    public ImmutableArray<AiPerfRun> AiPerf { get; init; } = [];

    /// <summary>The fault's instant by test.log, UTC ticks.</summary>
    public long? FaultAt { get; init; }

    /// <summary>
    /// Zero of all measures: the fault's order; where no timeline says, its first proof or the time of test.log. UTC ticks; null for a
    /// baseline.
    /// </summary>
    public long? Zero { get; init; }

    /// <summary>
    /// Failures from outside, by time; null where the row's failure is none of that kind, empty where nothing was told or found.
    /// </summary>
    public ImmutableArray<ExternalWindow>? External { get; init; }

    /// <summary>Rates, latency, ttft, itl and tpot, whole and by parts; null where no log tells.</summary>
    public RowNumbers? Numbers { get; init; }

    /// <summary>The search for the highest rate at which the load's goodput holds; null where the row has none.</summary>
    public RateCurve? Rates { get; init; }

    /// <summary>Whether nothing was broken: a baseline, or a row for failures from outside that lived through none.</summary>
    public bool IsFaultFree => Row.Failure == "none" || External is { IsEmpty: true };

    /// <summary>The first proof that the fault happened, UTC ticks.</summary>
    public long? LandedAt { get; init; }

    /// <summary>How each fault was proven.</summary>
    public ImmutableArray<string> Proofs { get; init; } = [];

    /// <summary>Every recovery definition by its name; empty for a baseline and where the fault's time is unknown.</summary>
    public ImmutableArray<(string Name, Measured Value)> Recovery { get; init; } = [];

    /// <summary>How long the service had to stay in its band to count as steady; null where <see cref="Recovery"/> is empty.</summary>
    public TimeSpan? SteadyFor { get; init; }

    /// <summary>What the fault cost; null where <see cref="Recovery"/> is empty.</summary>
    public Damage? Damage { get; init; }

    /// <summary>Each fault by itself, by its order: window, proof and verdict; empty where no timeline tells of one.</summary>
    public ImmutableArray<FaultVerdict> Faults { get; init; } = [];

    /// <summary>What its rolling upgrades and restarts were like; null where it has none.</summary>
    public Upgrade? Upgrade { get; init; }

    /// <summary>How available the service was from the first fault's order on; null where no request ended then.</summary>
    public Availability? Availability { get; init; }

    /// <summary>How whole its streams came through; null where their texts were not recorded.</summary>
    public StreamContinuity? Continuity { get; init; }

    /// <summary>What a client from here saw beside the load from the cluster; null where the row has none.</summary>
    public Vantage? Vantage { get; init; }

    /// <summary>How the load generator did; null where the timeline does not tell.</summary>
    public GeneratorCheck? Generator { get; init; }

    /// <summary>How many attempts made a connection of their own, and what that took; null where no log tells.</summary>
    public NewConnections? Connections { get; init; }

    /// <summary>What failed requests met, the most frequent first.</summary>
    public ImmutableArray<FailureText> Failures { get; init; } = [];

    /// <summary>The attempts, one collection a client, by client.</summary>
    public ImmutableArray<AttemptCollection> Attempts { get; init; } = [];

    /// <summary>Requests that were planned and not sent.</summary>
    public ImmutableArray<UnsentRequest> Unsent { get; init; } = [];

    /// <summary>Everything that happened, by time.</summary>
    public ImmutableArray<TimelineEvent> Timeline { get; init; } = [];

    /// <summary>The pods' metrics through the load; empty in folders of runs that did not sample them.</summary>
    public ImmutableArray<PodMetrics> Metrics { get; init; } = [];

    /// <summary>Ready texts of the pods.</summary>
    public ImmutableArray<ReadyLine> ReadyLines { get; init; } = [];

    /// <summary>What could not be read or does not add up.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Whether the row has its result, so that a run which is gone on with need not do it again.</summary>
    internal bool IsDone => State is RowState.Measured or RowState.Baseline;

    /// <summary>Whether nothing is amiss with it but that its pods' artefacts were not collected.</summary>
    internal bool LacksOnlyCollecting =>
        State == RowState.Invalid
        && Generator is not { Reasons.IsEmpty: false }
        && Diagnostics.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code).Distinct(StringComparer.Ordinal)
            .SequenceEqual([ParseCodes.NotCollected], StringComparer.Ordinal);

    /// <summary>What a recovery definition found; null where the row has none of that id.</summary>
    public Measured? Recovered(string id)
    {
        foreach (var (name, value) in Recovery)
        {
            if (name == id)
            {
                return value;
            }
        }

        return null;
    }
}

/// <summary>
/// The books of a load as its client logs hold them: planned = sent + not sent, sent = succeeded + failed + kept resets + own transport.
/// </summary>
/// <param name="Planned">Requests planned; null where no timeline says so.</param>
/// <param name="Sent">Requests with at least one attempt.</param>
/// <param name="NotSent">Requests recorded as not sent or shed.</param>
/// <param name="Succeeded">Requests whose last attempt was <see cref="Outcome.Ok"/>.</param>
/// <param name="Failed">Those whose last attempt failed, on the service.</param>
/// <param name="Attempts">Attempts.</param>
internal sealed record RequestBooks(long? Planned, long Sent, long NotSent, long Succeeded, long Failed, long Attempts)
{
    /// <summary>Requests that ended with <see cref="Outcome.ResetKept"/>: they say nothing of the service.</summary>
    public long KeptResets => Became.Where(pair => pair.Outcome == Outcome.ResetKept).Sum(pair => pair.Count);

    /// <summary>Requests that ended with <see cref="Outcome.Transport"/>: they failed on our own way to the service.</summary>
    public long OwnTransport => Became.Where(pair => pair.Outcome == Outcome.Transport).Sum(pair => pair.Count);

    /// <summary>Attempts by outcome, in the order of the enumeration; outcomes that did not occur are left out.</summary>
    public ImmutableArray<(Outcome Outcome, long Count)> Outcomes { get; init; } = [];

    /// <summary>Requests by what became of them in the end, sent or not: they sum to what was planned.</summary>
    public ImmutableArray<(Outcome Outcome, long Count)> Became { get; init; } = [];
}
