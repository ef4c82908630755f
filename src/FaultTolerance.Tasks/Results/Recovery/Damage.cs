using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Results.Recovery;

/// <summary>What the fault cost.</summary>
/// <param name="LostRequests">Requests that failed after the fault.</param>
/// <param name="LostTokens">Tokens asked for and not received in those; null where requests were lost and nothing says how many tokens they asked for.</param>
/// <param name="Depth">Lowest goodput of a window after the fault as a share of the steady mean; null without a steady part.</param>
/// <param name="Area">Requests that a steady service would have answered beyond those it did, over all windows until the return to steady state; null without a steady part.</param>
/// <param name="Before">Latency of what ended before the fault.</param>
/// <param name="Outage">Of what was sent or under way from the fault to the return to steady state, or to the last failure's end where that came later.</param>
/// <param name="After">Of what was sent after that.</param>
public sealed record Damage(long LostRequests, long? LostTokens, double? Depth, double? Area, LatencySummary Before, LatencySummary Outage, LatencySummary After)
{
    /// <summary>Requests whose last attempt was under way at the fault, at any instant from its command to its proof, by what became of them.</summary>
    public ImmutableArray<(Outcome Outcome, long Count)> InFlight { get; init; } = [];

    /// <summary>Measures; latency is that of successful last attempts.</summary>
    public static Damage Of(RecoveryInput input, IEnumerable<AttemptCollection> clients)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(clients);
        var lost = input.Requests.Where(request => !request.Ok && request.End >= input.From).ToList();
        var steady = input.Steady;
        var recovered = Math.Max(
            lost.Count == 0 ? input.Zero : lost.Max(request => request.End),
            steady.Kind is MeasuredKind.Value or MeasuredKind.Censored ? input.Zero + (long)(steady.Seconds * TimeSpan.TicksPerSecond) : input.Zero);
        Histogram[] latency = [new(), new(), new()], intended = [new(), new(), new()], firstToken = [new(), new(), new()];
        var caught = new long[Enum.GetValues<Outcome>().Length];
        var (from, zero) = (input.From, input.Zero);
        long? tokens = 0;
        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                var phase = attempt.Ended < from ? 0 : (attempt.Sent != 0 ? attempt.Sent : attempt.Ended) <= recovered ? 1 : 2;
                if (attempt.IsLast && phase > 0 && attempt.Sent != 0 && attempt.Sent <= zero)
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
                    // A stream says what it asked for; an answer in one piece, and what never got so far, asked for what the load does.
                    tokens += attempt.TokensAsked > 0 ? Math.Max(0, attempt.TokensAsked - attempt.Tokens) : input.OutputTokens;
                }
            }
        }

        var (depth, area) = Goodput(input, recovered);
        return new Damage(
            lost.Count, tokens, depth, area,
            LatencySummary.Of(latency[0], intended[0], firstToken[0]), LatencySummary.Of(latency[1], intended[1], firstToken[1]),
            LatencySummary.Of(latency[2], intended[2], firstToken[2]))
        {
            InFlight = [.. Enum.GetValues<Outcome>().Where(outcome => caught[(int)outcome] > 0).Select(outcome => (outcome, caught[(int)outcome]))],
        };
    }

    private static (double? Depth, double? Area) Goodput(RecoveryInput input, long recovered)
    {
        if (!input.IsFelt || input.Band is not { MeanSuccesses: > 0 } band)
        {
            return (null, null);
        }

        var (least, area, end) = (1.0, 0.0, input.AllBusyUntil);
        for (var at = input.Zero; at + band.Window <= end; at += band.Window)
        {
            var share = SteadyBand.Latencies(input, at, at + band.Window).Count / band.MeanSuccesses;
            least = Math.Min(least, share);
            // Past the return to steady state a window below the mean is chance, and its like above it would not be set against it.
            area += at < recovered ? Math.Max(0, 1 - share) * band.MeanSuccesses : 0;
        }

        return (least, area);
    }
}

/// <summary>Percentiles in seconds; null where there is no value.</summary>
/// <param name="Count">Requests.</param>
/// <param name="Latency">p50, p90, p95, p99 and the greatest, from the send.</param>
/// <param name="FromIntended">The same from the instant the plan wanted the request sent; null in logs that do not say.</param>
/// <param name="FirstToken">The same of the time to the first token; null where nothing streamed.</param>
public sealed record LatencySummary(long Count, Percentiles? Latency, Percentiles? FromIntended, Percentiles? FirstToken)
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
public sealed record Percentiles(double P50, double P90, double P95, double P99, double Max)
{
    internal static Percentiles? Of(Histogram nanoseconds) => nanoseconds.Count == 0 ? null
        : new(nanoseconds.Quantile(0.5) / 1e9, nanoseconds.Quantile(0.9) / 1e9, nanoseconds.Quantile(0.95) / 1e9, nanoseconds.Quantile(0.99) / 1e9, nanoseconds.Max / 1e9);
}
