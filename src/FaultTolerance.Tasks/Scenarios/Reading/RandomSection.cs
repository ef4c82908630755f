using System.Collections.Immutable;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>
/// Draws the faults of a soak: which of those allowed, and when. The same seed draws the same, so a soak can be run again; what was drawn
/// stands in the run's plan like any list.
/// </summary>
internal static class RandomSection
{
    private const int MostFaults = 10_000;

    /// <summary>Draws them; what is wrong is reported.</summary>
    /// <param name="item">The value of <c>random</c>.</param>
    /// <param name="after">When the first may come, from the first request.</param>
    /// <param name="read">Reads one of the faults that are allowed.</param>
    public static ImmutableArray<Fault> Read(ObjectReader item, TimeSpan after, Func<ObjectReader, ImmutableArray<Fault>> read)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(read);
        var allowed = new List<Fault>();
        foreach (var fault in item.Objects("faults"))
        {
            allowed.AddRange(read(fault));
            fault.End();
        }

        var every = item.Number("every", 30, 1, 86_400);
        var lasts = item.Number("for", 300, 1, 30 * 86_400);
        var seed = item.Int("seed", 1, 0, int.MaxValue);
        item.End();
        if (allowed.Count == 0)
        {
            return item.Fault(ScenarioCodes.Missing, "", "'faults' names no fault to draw from", ImmutableArray<Fault>.Empty);
        }

        return lasts / every > MostFaults
            ? item.Fault(ScenarioCodes.BadValue, "", $"more than {MostFaults} faults would be drawn", ImmutableArray<Fault>.Empty)
            : Draw(allowed, after, TimeSpan.FromSeconds(every), TimeSpan.FromSeconds(lasts), seed);
    }

    /// <summary>Draws them: pauses from half to one and a half of <paramref name="every"/>, each fault as likely as the others.</summary>
    /// <param name="allowed">The faults to draw from.</param>
    /// <param name="after">When the first comes.</param>
    /// <param name="every">The mean pause.</param>
    /// <param name="lasts">No fault comes later than this after the first.</param>
    /// <param name="seed">The seed.</param>
    public static ImmutableArray<Fault> Draw(
        IReadOnlyList<Fault> allowed, TimeSpan after, TimeSpan every, TimeSpan lasts, int seed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        var random = new Random(seed);
        var drawn = ImmutableArray.CreateBuilder<Fault>();
        var pause = after;
        for (var at = TimeSpan.Zero; at <= lasts; at += pause)
        {
            drawn.Add(allowed[random.Next(allowed.Count)] with { After = pause });
            pause = every * (0.5 + random.NextDouble());
        }

        return drawn.ToImmutable();
    }
}
