using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Results.Witnesses;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Continuity;

/// <summary>Finds, in a load that recorded its streams' texts, the answer to compare each with, and compares.</summary>
internal sealed class ContinuitySearch
{
    private static readonly SeriesMatcher Migrated =
        SeriesMatcher.Parse(RequestCounter.Migrations + "{migration_type=\"ongoing_request\"}")!;
    private readonly Dictionary<(int Client, long Prompt), ReferenceText> _references = [];
    private readonly ImmutableArray<long> _faults;
    private int _controls;
    private int _differing;

    private ContinuitySearch(ImmutableArray<long> faults) => _faults = faults;

    /// <summary>Of a row; null where no stream's text was recorded.</summary>
    /// <param name="attempts">Its attempts, by client.</param>
    /// <param name="zero">The first fault's order, UTC ticks; null without a fault.</param>
    /// <param name="timeline">Its timeline, for the faults' instants.</param>
    /// <param name="metrics">What its pods counted.</param>
    public static StreamContinuity? Of(
        IReadOnlyCollection<AttemptCollection> attempts, long? zero, Timeline timeline, IReadOnlyCollection<PodMetrics> metrics)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(metrics);
        var streams = attempts.Where(client => client.Texts.Count > 0)
            .SelectMany(client => client.Where(one => one.Text > 0).Select(one => (Attempt: one, Text: client.TextOf(one)!))).ToList();
        if (streams.Count == 0)
        {
            return null;
        }

        var faults = timeline.Of<FaultIssued>().Select(fault => fault.At).Concat(timeline.Of<FaultLanded>().Select(fault => fault.At));
        var search = new ContinuitySearch(zero is { } order ? [order, .. faults] : []);
        var judged = search.Settle(streams, zero);
        return new()
        {
            Streams = [.. judged.Select(stream => search.Check(stream.Attempt, stream.Text))],
            Controls = search._controls,
            ControlsDiffering = search._differing,
            Migrations = Migrations(metrics),
        };
    }

    // Takes what was answered before the fault in, and gives what is to be judged.
    private List<(Attempt Attempt, StreamText Text)> Settle(List<(Attempt Attempt, StreamText Text)> streams, long? zero)
    {
        var judged = new List<(Attempt, StreamText)>();
        foreach (var (attempt, text) in streams)
        {
            var prompt = (attempt.Client, ContinuityPrompts.Of(attempt.Request));
            var isEarly = zero is not { } order || attempt.Ended < order;
            if (isEarly && StreamCheck.IsComplete(attempt.Outcome) && !text.IsCut)
            {
                var isFirst = !_references.TryGetValue(prompt, out var reference);
                reference ??= _references[prompt] = new ReferenceText(text.Text);
                var same = reference.Text == text.Text;
                if (same)
                {
                    reference.Add(text, Counted(attempt));
                }

                if (isFirst)
                {
                    continue;
                }

                if (zero is not null)
                {
                    _controls++;
                    _differing += same ? 0 : 1;
                }
            }

            if ((!isEarly || zero is null) && attempt.Outcome is not Outcome.Cancelled && attempt.Outcome.TellsOfService())
            {
                judged.Add((attempt, text));
            }
        }

        foreach (var reference in _references.Values)
        {
            reference.Settle();
        }

        return judged;
    }

    private StreamCheck Check(Attempt attempt, StreamText text)
    {
        var wasOpen = _faults.Any(fault => attempt.FirstToken > 0 && attempt.FirstToken < fault && fault < attempt.Ended);
        StreamCheck Of(StreamFate fate, bool byTokens = false, TextDifference difference = default) =>
            new(attempt, fate, byTokens, difference, wasOpen, text.PauseAfter);
        if (!StreamCheck.IsComplete(attempt.Outcome))
        {
            return Of(StreamFate.BrokenOff);
        }

        if (text.IsCut || !_references.TryGetValue((attempt.Client, ContinuityPrompts.Of(attempt.Request)), out var reference))
        {
            return Of(StreamFate.NotCompared);
        }

        if (text.Text == reference.Text)
        {
            return Of(StreamFate.Whole);
        }

        return reference.TokensOf(text, Counted(attempt)) is { } tokens
            ? Of(StreamFate.Differs, byTokens: true, TextDifference.Of<string>(reference.Tokens!.Value.AsSpan(), tokens))
            : Of(StreamFate.Differs, byTokens: false, TextDifference.Of(reference.Text.AsSpan(), text.Text));
    }

    private static int? Counted(in Attempt attempt) => attempt.IsCounted ? attempt.Tokens : null;

    private static double? Migrations(IReadOnlyCollection<PodMetrics> metrics)
    {
        // A pod that has any of the frontends' counters would have told this one, once there was something to count.
        var frontends = metrics
            .Where(pod => pod.Series.Keys.Any(name => name.StartsWith("dynamo_frontend_", StringComparison.Ordinal))).ToList();
        return frontends.Count == 0 ? null
            : frontends.Sum(pod => pod.Series.Where(one => Migrated.Matches(one.Key)).Sum(one => pod.Rise(one.Value)));
    }
}
