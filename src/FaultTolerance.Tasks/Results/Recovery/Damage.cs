using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FaultTolerance.Artefacts;

namespace FaultTolerance.Results.Recovery;

/// <summary>What the fault cost.</summary>
/// <param name="LostRequests">Requests that failed after the fault.</param>
/// <param name="LostTokens">Tokens asked for and not received in those; null where requests were lost and nothing says how many tokens they
/// asked for.</param>
/// <param name="Depth">Lowest share of the requests sent in a window after the order that were answered in time; null where no window
/// tells.</param>
/// <param name="Area">Requests that a steady service would have answered beyond those it did, from the order to the return to steady state;
/// null without a steady part.</param>
/// <param name="Before">Latency of what ended before the fault.</param>
/// <param name="Outage">Of what was sent or under way from the fault to the return to steady state, or to the last failure's end where that
/// came later.</param>
/// <param name="After">Of what was sent after that.</param>
internal sealed record Damage(
    long LostRequests,
    long? LostTokens,
    double? Depth,
    double? Area,
    LatencySummary Before,
    LatencySummary Outage,
    LatencySummary After
)
{
    /// <summary>The separate stretches of harm, by time: between two of them all was well for a window or more.</summary>
    public ImmutableArray<HarmSpell> Spells { get; init; } = [];

    /// <summary>Until when requests were taken for those of the outage: steady again, or the last loss; UTC ticks.</summary>
    public long Recovered { get; init; }

    /// <summary>The span of the outage over all clients, UTC ticks; null where there was none.</summary>
    public (long From, long To)? LongestOutage { get; init; }

    /// <summary>
    /// Requests whose last attempt was under way at the fault, at any instant from its command to its proof, by what became of them.
    /// </summary>
    public ImmutableArray<(Outcome Outcome, long Count)> InFlight { get; init; } = [];

    /// <summary>Measures; latency is that of successful last attempts.</summary>
    public static Damage Of(RecoveryInput input, IEnumerable<AttemptCollection> clients)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(clients);
        var lost = input.Harm.Lost;
        var steady = new SteadyAgain().Measure(input);
        var recovered = Math.Max(
            lost.IsEmpty ? input.Zero : lost[^1].At,
            steady.Kind is MeasuredKind.Value or MeasuredKind.Censored
                ? input.Zero + (long)Math.Round(steady.Seconds * TimeSpan.TicksPerSecond)
                : input.Zero
        );
        Histogram[] latency = [new(), new(), new()],
            intended = [new(), new(), new()],
            firstToken = [new(), new(), new()];
        var caught = new long[Enum.GetValues<Outcome>().Length];
        var (from, landed) = (input.Zero, Math.Max(input.Zero, input.Landed ?? input.Zero));
        long? tokens = 0;
        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                var phase = attempt.Ended < from ? 0 : (attempt.Sent != 0 ? attempt.Sent : attempt.Ended) <= recovered ? 1 : 2;
                if (attempt.IsLast && phase > 0 && attempt.Sent != 0 && attempt.Sent <= landed)
                {
                    caught[(int)attempt.Outcome]++;
                }

                if (phase == 0 && attempt.Sent < input.MeasuredFrom)
                {
                    continue;
                }

                if (attempt is { IsLast: true, Outcome: Outcome.Ok })
                {
                    latency[phase].Add(attempt.ElapsedNanoseconds);
                    if (attempt.Intended != 0)
                    {
                        intended[phase].Add((attempt.Ended - attempt.Intended) * 100);
                    }

                    if (attempt.FirstToken > attempt.Sent && attempt.Sent != 0)
                    {
                        firstToken[phase].Add((attempt.FirstToken - attempt.Sent) * 100);
                    }
                }
                else if (attempt.IsLast && phase > 0 && attempt.Outcome.TellsOfService())
                {
                    // A stream says what it asked for; an answer in one piece, and what never got so far, asked for what its request
                    // or else the load does.
                    tokens += attempt.TokensAsked > 0 ? Math.Max(0, attempt.TokensAsked - attempt.Tokens)
                        : attempt.OutputAsked > 0 ? attempt.OutputAsked : input.OutputTokens;
                }
            }
        }

        var (depth, area) = Goodput(input, recovered);
        return new Damage(
            lost.Length, tokens, depth, area,
            LatencySummary.Of(latency[0], intended[0], firstToken[0]), LatencySummary.Of(latency[1], intended[1], firstToken[1]),
            LatencySummary.Of(latency[2], intended[2], firstToken[2]))
        {
            Spells = input.Harm.Spells,
            Recovered = recovered,
            LongestOutage = Silence.Of(input, perClient: false) is { } outage ? (outage.From, outage.To) : null,
            InFlight =
            [
                .. Enum.GetValues<Outcome>().Where(outcome => caught[(int)outcome] > 0).Select(outcome => (outcome, caught[(int)outcome])),
            ],
        };
    }

    // By the send of each request, so that neither an answer's length nor clients that go in step make a window look empty.
    private static (double? Depth, double? Area) Goodput(RecoveryInput input, long recovered)
    {
        if (!input.IsFelt || input.Band is not { } band)
        {
            return (null, null);
        }

        var windows = new Dictionary<long, (int Sent, int Good)>();
        long answered = 0;
        foreach (ref readonly var request in input.Requests.AsSpan())
        {
            var at = Math.Max(request.Start, input.Zero);
            if (request.End < input.Zero || (request.Ok && request.Start < input.Zero))
            {
                continue;
            }

            ref var window = ref CollectionsMarshal.GetValueRefOrAddDefault(windows, (at - input.Zero) / band.Window, out _);
            window = (window.Sent + 1, window.Good + (request.Ok && request.End - request.Start <= band.StallLimit ? 1 : 0));
            answered += request.Ok && at < recovered ? 1 : 0;
        }

        // What is left of a window at the load's end is too short to tell, unless it is all that there is.
        var whole = (input.LastSent - input.Zero) / band.Window;
        double[] shares =
        [
            .. windows.Where(pair => pair.Key < Math.Max(1, whole)).Select(pair => (double)pair.Value.Good / pair.Value.Sent),
        ];
        return (shares.Length == 0 ? null : shares.Min(), Math.Max(0, (band.Rate * (recovered - input.Zero)) - answered));
    }
}

/// <summary>Percentiles in seconds; null where there is no value.</summary>
/// <param name="Count">Requests.</param>
/// <param name="Latency">p50, p90, p95, p99 and the greatest, from the send.</param>
/// <param name="FromIntended">The same from the instant the plan wanted the request sent; null in logs that do not say.</param>
/// <param name="FirstToken">The same of the time to the first token; null where nothing streamed.</param>
internal sealed record LatencySummary(long Count, Percentiles? Latency, Percentiles? FromIntended, Percentiles? FirstToken)
{
    internal static LatencySummary Of(Histogram latency, Histogram intended, Histogram firstToken) =>
        new(latency.Count, Percentiles.Of(latency), Percentiles.Of(intended), Percentiles.Of(firstToken));
}

/// <summary>Percentiles in seconds, within 1 %; the greatest is exact.</summary>
/// <param name="P50">Median.</param>
/// <param name="P90">90th.</param>
/// <param name="P95">95th.</param>
/// <param name="P99">99th.</param>
/// <param name="Max">The greatest.</param>
internal sealed record Percentiles(double P50, double P90, double P95, double P99, double Max)
{
    internal static Percentiles? Of(Histogram nanoseconds) =>
        nanoseconds.Count == 0
            ? null
            : new(
                nanoseconds.Quantile(0.5) / 1e9,
                nanoseconds.Quantile(0.9) / 1e9,
                nanoseconds.Quantile(0.95) / 1e9,
                nanoseconds.Quantile(0.99) / 1e9,
                nanoseconds.Max / 1e9
            );
}
