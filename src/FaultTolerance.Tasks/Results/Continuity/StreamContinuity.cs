using System.Collections.Immutable;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Results.Continuity;

/// <summary>
/// How whole streams came through a row's faults: every stream that ended after the first order beside the answer to the same prompt before
/// it. In a row without a fault each prompt's answers stand beside its first.
/// </summary>
internal sealed record StreamContinuity
{
    /// <summary>The streams, by client and request.</summary>
    public required ImmutableArray<StreamCheck> Streams { get; init; }

    /// <summary>Answers before the fault that could be compared with their prompt's first: the check of the comparison itself.</summary>
    public int Controls { get; init; }

    /// <summary>
    /// Those of them with another text: then the text is no function of the prompt, and nothing follows from a difference.
    /// </summary>
    public int ControlsDiffering { get; init; }

    /// <summary>
    /// Requests that frontends say they moved to another worker with tokens given already; null where none told its metrics.
    /// </summary>
    public double? Migrations { get; init; }

    /// <summary>Whether the service answers a prompt with the same text each time.</summary>
    public bool IsRepeatable => ControlsDiffering == 0;

    /// <summary>Streams that could be compared.</summary>
    public int Compared => Streams.Length - Count(StreamFate.NotCompared);

    /// <summary>Share of those that could be compared that came whole; null without one.</summary>
    public double? Share => Compared == 0 ? null : (double)Count(StreamFate.Whole) / Compared;

    /// <summary>Its interval of 95 %, Wilson's over streams.</summary>
    public (double Low, double High) Interval => Wilson.Interval(Count(StreamFate.Whole), Compared);

    /// <summary>Tokens that were lost, doubled, added and changed in all.</summary>
    public TextDifference Tokens => Sum(byTokens: true);

    /// <summary>The same in characters, of streams whose tokens cannot be told apart.</summary>
    public TextDifference Characters => Sum(byTokens: false);

    /// <summary>Streams with another text whose tokens cannot be told apart.</summary>
    public int ByCharacters => Streams.Count(stream => stream is { Fate: StreamFate.Differs, ByTokens: false });

    /// <summary>Streams that were open at a fault.</summary>
    public int Open => Streams.Count(stream => stream.WasOpen);

    /// <summary>Those of them that came to their end.</summary>
    public int WentOn => Streams.Count(stream => stream.WentOn);

    /// <summary>The stream with the longest pause between two tokens; null where none has two.</summary>
    public StreamCheck? Slowest => Streams.Where(stream => stream.Attempt.InterTokenMax > 0).MaxBy(stream => stream.Attempt.InterTokenMax);

    /// <summary>Streams with that fate.</summary>
    public int Count(StreamFate fate) => Streams.Count(stream => stream.Fate == fate);

    private TextDifference Sum(bool byTokens) => Streams.Where(stream => stream.ByTokens == byTokens).Aggregate(
        default(TextDifference),
        (sum, stream) => new(
            sum.Lost + stream.Difference.Lost,
            sum.Doubled + stream.Difference.Doubled,
            sum.Added + stream.Difference.Added,
            sum.Changed + stream.Difference.Changed));
}
