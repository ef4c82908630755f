using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Scenarios;

/// <summary>How the clients ask. Defaults are the reference suite's of September 2025.</summary>
internal sealed record LoadSpec
{
    /// <summary>Name in scenarios.json.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Closed loop (each client waits for its answer) or open loop (a plan of arrivals).</summary>
    public LoadMode Mode { get; init; } = LoadMode.Closed;

    /// <summary>Concurrent clients, 1 to 10,000. In the open loop the requests of the one plan are dealt to them in turn.</summary>
    public int Clients { get; init; } = 10;

    /// <summary>Requests per client, 1 to 10,000,000.</summary>
    public int RequestsPerClient { get; init; } = 100;

    /// <summary>Input length in words, approximate tokens, 1 to 1,000,000.</summary>
    public int InputTokens { get; init; } = 100;

    /// <summary>Output tokens asked for (minimum and maximum), 1 to 1,000,000.</summary>
    public int OutputTokens { get; init; } = 100;

    /// <summary>How input lengths are distributed; null: all are <see cref="InputTokens"/>, which is else about their mean.</summary>
    public LengthSpec? InputLengths { get; init; }

    /// <summary>How output lengths are distributed; null: all are <see cref="OutputTokens"/>, which is else about their mean.</summary>
    public LengthSpec? OutputLengths { get; init; }

    /// <summary>The file of the prompts; null: they are words.</summary>
    public WorkFile? Prompts { get; init; }

    /// <summary>The trace that an open loop replays; null: the load has a plan of its own.</summary>
    public TraceSpec? Trace { get; init; }

    /// <summary>Words that prompts share; null: none.</summary>
    public SharedPrefix? SharedPrefix { get; init; }

    /// <summary>Sessions of several turns; null: each request stands alone.</summary>
    public SessionSpec? Sessions { get; init; }

    /// <summary>
    /// Requests per second and client, more than 0. Closed loop: a limit. Open loop: the arrival rate is this times <see cref="Clients"/>.
    /// </summary>
    public double RatePerClient { get; init; } = 1;

    /// <summary>Arrivals of the open loop.</summary>
    public Arrivals Arrivals { get; init; } = Arrivals.Constant;

    /// <summary>Attempts a request may take, at least 1 (the reference suite's <c>max_retries</c>).</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Wait after a failed attempt, also after the last (as the reference suite does).</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Limit for one attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Stream the answer (SSE).</summary>
    public bool Stream { get; init; }

    /// <summary>
    /// Compare each stream's text with the same prompt's text before the fault: each client asks its few <see cref="ContinuityPrompts"/> in
    /// turn, with temperature 0 and a seed, and what it gets is recorded piece by piece.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Continuity { get; init; }

    /// <summary>What a service is asked for.</summary>
    public Api Api { get; init; } = Api.Chat;

    /// <summary>Within what a request has to stay to be good; null: that is not judged.</summary>
    public GoodputLimits? Goodput { get; init; }

    /// <summary>Looks for the highest rate at which the goodput holds; null: the load is sent as it is.</summary>
    public RateSearchSpec? RateSearch { get; init; }

    /// <summary>Whether connections are used again.</summary>
    public Connections Connections { get; init; } = Connections.Kept;

    /// <summary>Which of the kept connections a request takes.</summary>
    public Reuse Reuse { get; init; } = Reuse.Own;

    /// <summary>
    /// Count a reset on a kept connection as the service's failure, in every figure, and not apart: for servers that must not close kept
    /// connections.
    /// </summary>
    public bool KeptResetsAreHarm { get; init; }

    /// <summary>Requests in this first part of the load are left out of the statistics.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.Zero;

    /// <summary>Gamma arrivals: the shape of their gaps, more than 0; 1 is Poisson, less comes in bursts, more is steadier.</summary>
    public double Burstiness { get; init; } = 1;

    /// <summary>
    /// Time over which the rate rises from 0: in the open loop by its plan, in the closed loop client after client joins in.
    /// </summary>
    public TimeSpan Ramp { get; init; } = TimeSpan.Zero;

    /// <summary>Open loop: requests that may be outstanding at once; what comes above is shed and counted, never delayed.</summary>
    public int MaxOutstanding { get; init; } = 1000;

    /// <summary>Longest silence between two streamed tokens before the attempt counts as stalled.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Go on after the planned requests until the service is steady again, at most this long after them, or after the last fault's order
    /// where
    /// that is later; null: do not.
    /// </summary>
    public TimeSpan? UntilRecovered { get; init; }

    /// <summary>Ends the load, and undoes faults that last, where a limit is broken; null: nothing does.</summary>
    public StopWhen? StopWhen { get; init; }

    /// <summary>
    /// How late the generator may send (99th percentile, above the machine's own floor) before the row is marked invalid. Where several
    /// scenarios share a small machine, more has to be borne: a closed loop's lag shifts requests, and lengthens none.
    /// </summary>
    public TimeSpan MaxSendLag { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many pods of the cluster send it; 0: the tool's own process does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Pods { get; init; }

    /// <summary>The tool's image, where <see cref="Pods"/> send it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PodImage { get; init; }

    /// <summary>
    /// Requests a second of one client of this process beside <see cref="Pods"/> (<see cref="ProbeSpec"/>), 0.1 to 50; 0: there is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ProbeRate { get; init; }

    /// <summary>Seed of prompts and random arrivals.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The steps of its sweep, each a row; empty for none. A row's own load has none.</summary>
    [JsonIgnore]
    public ImmutableArray<LoadVariant> Sweep { get; init; } = [];

    /// <summary>Whether every request asks for the same number of tokens, by a prompt of words of its own.</summary>
    public bool IsUniform =>
        this is { InputLengths: null, OutputLengths: null, Prompts: null, Trace: null, SharedPrefix: null, Sessions: null };

    /// <summary>Requests planned in all.</summary>
    public long Planned => Trace?.File.Count ?? ((long)Clients * RequestsPerClient);
}

/// <summary>How long a client's connection lives.</summary>
internal enum Connections
{
    /// <summary>As long as the server keeps it.</summary>
    Kept,

    /// <summary>One request, as the reference suite's clients do it.</summary>
    PerRequest,
}

/// <summary>Which of the kept connections a request takes.</summary>
internal enum Reuse
{
    /// <summary>One of its own client.</summary>
    Own,

    /// <summary>Of all clients' the one that has rested the longest.</summary>
    InTurn,

    /// <summary>Of all clients' the one that was used last.</summary>
    LastUsed,
}

/// <summary>The plan of an open loop.</summary>
internal enum Arrivals
{
    /// <summary>Equal gaps.</summary>
    Constant,

    /// <summary>Exponential gaps, seeded.</summary>
    Poisson,

    /// <summary>Gamma gaps, seeded.</summary>
    Gamma,
}
