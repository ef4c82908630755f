using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Faults.Words;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>What the picture of one scenario is drawn from.</summary>
internal sealed record FigureData
{
    /// <summary>The row that is drawn.</summary>
    public required ScenarioResult Row { get; init; }

    /// <summary>The time that is shown.</summary>
    public required TimeAxis Axis { get; init; }

    /// <summary>Answers and failures by time.</summary>
    public required RateSeries Rate { get; init; }

    /// <summary>Dots by class of outcome, thinned.</summary>
    public required ImmutableArray<List<Dot>> Dots { get; init; }

    /// <summary>Requests before thinning.</summary>
    public required int Requests { get; init; }

    /// <summary>The pods' lives.</summary>
    public required ImmutableArray<PodLane> Lanes { get; init; }

    /// <summary>The pods' own figures through the load.</summary>
    public ImmutableArray<MetricLine> Metrics { get; init; } = [];

    /// <summary>The span of the measure <c>outage</c>.</summary>
    public (long From, long To)? Outage { get; init; }

    /// <summary>The separate stretches of harm.</summary>
    public ImmutableArray<HarmSpell> Spells { get; init; } = [];

    /// <summary>The faults' windows by their order, of those that last or are several.</summary>
    public ImmutableArray<FaultVerdict> Windows { get; init; } = [];

    /// <summary>Instants with a name.</summary>
    public required ImmutableArray<(string Key, string Text, long At)> Marks { get; init; }

    private const int MostDots = 560;

    /// <summary>Null where there is no request to show.</summary>
    public static FigureData? Of(ScenarioResult row, FaultWordbook words)
    {
        var (requests, first, last) = Span(row);
        if (requests == 0)
        {
            return null;
        }

        var zero = row.Zero ?? first;
        var fault = row.Zero is not null;
        ImmutableArray<(string Key, string Text, long At)> marks = fault ? Marked(row, zero) : [];
        last = Math.Max(last, marks.Length == 0 ? 0 : marks.Max(mark => mark.At));
        var room = Math.Max(TimeSpan.TicksPerSecond / 10, (last - first) / 80);
        var axis = new TimeAxis(zero, first - room, last + room);
        return new FigureData
        {
            Row = row,
            Axis = axis,
            Rate = RateSeries.Of(row, axis),
            Dots = Thinned(row, requests),
            Requests = requests,
            Lanes = PodLane.Of(row.Timeline, axis.To, words),
            Outage = row.Damage?.LongestOutage,
            Spells = row.Damage?.Spells ?? [],
            Windows = row.Faults is [{ Lasts: false }] ? [] : row.Faults,
            Marks = marks,
            Metrics = MetricLine.Of(row),
        };
    }

    private static ImmutableArray<(string, string, long)> Marked(ScenarioResult row, long zero)
    {
        var marks = ImmutableArray.CreateBuilder<(string, string, long)>();
        if (row.Recovered(Landed.Key) is { Kind: MeasuredKind.Value })
        {
            marks.Add(("issued", "ordered", zero));
        }

        marks.Add(row.LandedAt is { } landed ? ("landed", "fault landed", landed) : ("landed", "injected", zero));
        foreach (
            var (name, text) in new[]
            {
                (FirstError.Key, "first error"),
                (FirstSuccess.Key, "first success"),
                (LastError.Key, "last error"),
                (PodReady.Key, "ready"),
                (SteadyAgain.Key, "steady"),
            }
        )
        {
            if (row.Recovered(name) is { Kind: MeasuredKind.Value } value)
            {
                marks.Add((name, text, zero + (long)(value.Seconds * TimeSpan.TicksPerSecond)));
            }
        }

        return marks.ToImmutable();
    }

    // How many requests tell of the service, when the first of all was meant to be sent, and when the last of those that tell ended.
    private static (int Requests, long First, long Last) Span(ScenarioResult row)
    {
        var (requests, first, last) = (0, long.MaxValue, long.MinValue);
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.IsLast)
                {
                    var tells = attempt.Outcome.TellsOfService();
                    requests += tells ? 1 : 0;
                    first = Math.Min(first, RateSeries.Start(attempt));
                    last = tells ? Math.Max(last, attempt.Ended) : last;
                }
            }
        }

        return (requests, first, last);
    }

    // Failures are what one looks for: each class gets a fair share of the dots, however few it has.
    private static ImmutableArray<List<Dot>> Thinned(ScenarioResult row, int requests)
    {
        var counts = new int[OutcomeClass.All.Length];
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                counts[OutcomeClass.Index(attempt.Outcome)] += attempt.IsLast ? 1 : 0;
            }
        }

        var dots = counts.Select(count => new Dot[count]).ToArray();
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.IsLast)
                {
                    var kind = OutcomeClass.Index(attempt.Outcome);
                    dots[kind][^counts[kind]--] = new Dot(attempt.Ended, attempt.Seconds);
                }
            }
        }

        return [.. dots.Select(some => requests <= MostDots ? [.. some]
            : Downsampling.Thin(some, Math.Max(120, (int)((long)MostDots * some.Length / requests))))];
    }
}
