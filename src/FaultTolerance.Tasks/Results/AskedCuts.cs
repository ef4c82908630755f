using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results;

/// <summary>
/// The times in which a fault of the run broke our own way to the frontends: from its order to its undo, and until the way, which is looked
/// at once a second, was seen to carry again. What failed or waited on the way in them was asked for, and is no flaw of the measurement.
/// </summary>
/// <param name="Spans">The times, UTC ticks; one that never ended lasts to the end of time.</param>
internal sealed record AskedCuts(ImmutableArray<(long From, long To)> Spans)
{
    // A look that began in the fault's time has found its answer by then, and the next one too; one that the fault broke began before it.
    private static readonly long SeenAgain = TimeSpan.FromSeconds(6).Ticks;

    /// <summary>Reads them.</summary>
    /// <param name="timeline">Tells of the faults.</param>
    /// <param name="ways">When the ways carried nothing.</param>
    public static AskedCuts Of(Timeline timeline, BrokenWays ways)
    {
        var spans = ImmutableArray.CreateBuilder<(long From, long To)>();
        foreach (var fault in timeline.Of<FaultIssued>().Where(fault => fault.OwnWay))
        {
            var end = timeline.Of<FaultHealed>().FirstOrDefault(healed => healed.Id == fault.Id && healed.At >= fault.At)?.At;
            spans.Add((fault.At, end ?? long.MaxValue));
            spans.AddRange(
                from way in ways.Spans
                let healed = end ?? long.MaxValue - SeenAgain
                where way.From <= healed && way.To >= fault.At && way.From >= fault.At - SeenAgain
                select (Math.Min(way.From, fault.At), Math.Max(healed, Math.Min(way.To, healed + SeenAgain))));
        }

        return new AskedCuts(spans.ToImmutable());
    }

    /// <summary>Whether an attempt was under way in one of them.</summary>
    public bool Held(in Attempt attempt)
    {
        foreach (var (from, to) in Spans)
        {
            if (BrokenWays.Overlaps(from, to, attempt))
            {
                return true;
            }
        }

        return false;
    }
}
