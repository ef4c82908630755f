using System.Collections.Immutable;
using FaultTolerance.Results.Continuity;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Measures;

/// <summary>How whole streams came through, of loads that ask for <c>continuity</c>; nothing of others.</summary>
internal static class ContinuityMeasures
{
    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<IMeasure> All { get; } =
    [
        new Share("continuity", "Conti-\nnuity", "Continuity",
            "share of the streams, of those that ended after the fault’s order and could be compared, with the text of the same prompt "
                + "before it",
            found => found.Share),
        new Share("continuity_low", "Cont.\nLow", "Continuity, at least",
            "the lower end of its interval of 95 %, Wilson’s over streams", found => found.Compared == 0 ? null : found.Interval.Low),
        new Share("continuity_high", "Cont.\nHigh", "Continuity, at most", "the upper end of its interval",
            found => found.Compared == 0 ? null : found.Interval.High),
        Count("streams_compared", "Streams\nCompared", MeasureUnit.Requests,
            "streams that ended after the fault’s order and could be compared", found => found.Compared),
        Count("streams_differing", "Streams\nDiffering", MeasureUnit.Requests, "those that came to their end with another text",
            found => found.Count(StreamFate.Differs)),
        Count("streams_broken_off", "Streams\nBroken Off", MeasureUnit.Requests, "those that began and never came to their end",
            found => found.Count(StreamFate.BrokenOff)),
        Count("streams_open", "Streams\nOpen", MeasureUnit.Requests,
            "streams that had begun and had not ended when a fault was ordered or proven", found => found.Open),
        Count("streams_went_on", "Streams\nWent On", MeasureUnit.Requests, "those of them that came to their end", found => found.WentOn),
        Count("migrations", "Migra-\ntions", MeasureUnit.Times,
            "requests that frontends say they moved to another worker inside a stream", found => found.Migrations),
        Count("tokens_lost", "Tokens\nLost", MeasureUnit.Tokens, "tokens that are missing in streams that came to their end",
            found => found.Tokens.Lost),
        Count("tokens_doubled", "Tokens\nDoubled", MeasureUnit.Tokens,
            "tokens that came once more right after themselves, alone or as a run", found => found.Tokens.Doubled),
        Count("tokens_added", "Tokens\nAdded", MeasureUnit.Tokens, "further tokens that nobody expected", found => found.Tokens.Added),
        Count("tokens_changed", "Tokens\nChanged", MeasureUnit.Tokens, "tokens with another in their place",
            found => found.Tokens.Changed),
        Count("characters_wrong", "Characters\nWrong", MeasureUnit.Times,
            "characters lost, doubled, added or changed, of streams whose tokens cannot be told apart", found => found.Characters.Total),
        // The log has six digits, and a float in between would show more.
        Count("stream_pause", "Stream\nPause", MeasureUnit.Seconds,
            "longest pause between two tokens of a stream that ended after the fault’s order",
            found => found.Slowest is { } slowest ? Math.Round(slowest.Attempt.InterTokenMax, 6) : null),
    ];

    private static RowMeasure Count(string id, string header, MeasureUnit unit, string legend, Func<StreamContinuity, double?> value) =>
        new(id, header, header.Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' '), unit, legend,
            row => row.Continuity is { } found ? value(found) : null);

    // Where the service answers one prompt with several texts, no share of differing texts tells of the fault.
    private sealed record Share(string Id, string Header, string Title, string Legend, Func<StreamContinuity, double?> Value) : IMeasure
    {
        public MeasureUnit Unit => MeasureUnit.Share;

        public Measured? Of(ScenarioResult row) => row.Continuity is not { } found ? null
            : found.IsRepeatable && Value(found) is { } value ? new Measured(MeasuredKind.Value, value) : Measured.Unknown;
    }
}
