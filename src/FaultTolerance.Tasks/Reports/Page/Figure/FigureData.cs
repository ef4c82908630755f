using System.Collections.Immutable;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>What the picture of one scenario is drawn from.</summary>
internal sealed record FigureData
{
    public required ScenarioResult Row { get; init; }

    public required TimeAxis Axis { get; init; }

    public required RateSeries Rate { get; init; }

    /// <summary>Dots by class of outcome, thinned.</summary>
    public required ImmutableArray<List<Dot>> Dots { get; init; }

    /// <summary>Requests before thinning.</summary>
    public required int Requests { get; init; }

    public required ImmutableArray<PodLane> Lanes { get; init; }

    /// <summary>The pods' own figures through the load.</summary>
    public ImmutableArray<MetricLine> Metrics { get; init; } = [];

    /// <summary>The longest span without a success that reaches past the fault.</summary>
    public (long From, long To)? Outage { get; init; }

    /// <summary>From the first to the last failure's end after the fault.</summary>
    public (long From, long To)? Failures { get; init; }

    /// <summary>Instants with a name.</summary>
    public required ImmutableArray<(string Key, string Text, long At)> Marks { get; init; }

    private const int MostDots = 600;

    /// <summary>Null where there is no request to show.</summary>
    public static FigureData? Of(ScenarioResult row)
    {
        var requests = RequestSample.Of(row.Attempts);
        if (requests.Length == 0)
        {
            return null;
        }

        var first = row.Attempts.SelectMany(client => client).Where(attempt => attempt.IsLast).Min(attempt => RateSeries.Start(attempt));
        var last = requests[^1].End;
        var zero = row.LandedAt ?? row.FaultAt ?? first;
        var fault = row.LandedAt is not null || row.FaultAt is not null;
        ImmutableArray<(string Key, string Text, long At)> marks = fault ? Marked(row, zero) : [];
        last = Math.Max(last, marks.Length == 0 ? 0 : marks.Max(mark => mark.At));
        var room = Math.Max(TimeSpan.TicksPerSecond / 10, (last - first) / 80);
        var axis = new TimeAxis(zero, first - room, last + room);
        var from = zero - (long)((row.Recovered(IssuedToLanded.Key)?.Seconds ?? 0) * TimeSpan.TicksPerSecond);
        var failed = requests.Where(request => !request.Ok && request.End >= from).Select(request => request.End).ToList();
        return new FigureData
        {
            Row = row,
            Axis = axis,
            Rate = RateSeries.Of(row, axis),
            Dots = Thinned(row, requests.Length),
            Requests = requests.Length,
            Lanes = PodLane.Of(row.Timeline, axis.To),
            Outage = fault && failed.Count > 0 ? LongestGap(requests, from) : null,
            Failures = fault && failed.Count > 0 ? (failed[0], failed[^1]) : null,
            Marks = marks,
            Metrics = MetricLine.Of(row),
        };
    }

    // The same span as the definition longest_gap, with its two ends.
    private static (long From, long To)? LongestGap(RequestSample[] requests, long from)
    {
        var since = requests.Min(request => request.Start);
        (long From, long To)? longest = null;
        void Take(long to)
        {
            if (to > from && (longest is not { } best || to - since > best.To - best.From))
            {
                longest = (since, to);
            }
        }

        foreach (var request in requests.Where(request => request.Ok))
        {
            Take(request.End);
            since = request.End;
        }

        Take(requests[^1].End);
        return longest;
    }

    private static ImmutableArray<(string, string, long)> Marked(ScenarioResult row, long zero)
    {
        var marks = ImmutableArray.CreateBuilder<(string, string, long)>();
        if (row.Recovered(IssuedToLanded.Key) is { Kind: MeasuredKind.Value } issued)
        {
            marks.Add(("issued", "issued", zero - (long)(issued.Seconds * TimeSpan.TicksPerSecond)));
        }

        marks.Add(("landed", row.LandedAt is null ? "injected" : "fault landed", zero));
        foreach (var (name, text) in new[] { (FirstError.Key, "first error"), (FirstSuccess.Key, "first success"), (PodReady.Key, "ready"), (SteadyAgain.Key, SteadyAgain.Key) })
        {
            if (row.Recovered(name) is { Kind: MeasuredKind.Value } value)
            {
                marks.Add((name, text, zero + (long)(value.Seconds * TimeSpan.TicksPerSecond)));
            }
        }

        return marks.ToImmutable();
    }

    // Failures are what one looks for: each class gets a fair share of the dots, however few it has.
    private static ImmutableArray<List<Dot>> Thinned(ScenarioResult row, int requests)
    {
        var dots = OutcomeClass.All.Select(_ => new List<Dot>()).ToImmutableArray();
        foreach (var attempt in row.Attempts.SelectMany(client => client).Where(attempt => attempt.IsLast))
        {
            dots[OutcomeClass.Index(attempt.Outcome)].Add(new Dot(attempt.Ended, attempt.Seconds));
        }

        return requests <= MostDots ? dots : [.. dots.Select(some => Downsampling.Thin(some, Math.Max(120, (int)((long)MostDots * some.Count / requests))))];
    }
}
