using System.Collections.Immutable;
using System.Text;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Results.Measures;
using FaultTolerance.Runs;

namespace FaultTolerance.Results;

/// <summary>What is asked of <see cref="RunParser.Parse"/>.</summary>
internal sealed record ParseOptions
{
    /// <summary>Latency limit in seconds; adds the columns of violations. Null: none.</summary>
    public double? Sla { get; init; }

    /// <summary>
    /// How far the zone of stamps without one is ahead of UTC. Null: UTC where the folder has a timeline (ours), else what the pods'
    /// creation stamps tell, else UTC; each assumption is reported.
    /// </summary>
    public TimeSpan? NaiveOffset { get; init; }

    /// <summary>
    /// How long the service must stay in its steady band to count as recovered. Null: 5 s, or the length of the fault-free part where
    /// that is shorter, as in a run whose clock is scaled down.
    /// </summary>
    public TimeSpan? SteadyFor { get; init; }

    /// <summary>Ready texts that the run's scenarios.json gave; the parser takes them from run.json.</summary>
    internal ImmutableArray<ReadyTextRule> ReadyTexts { get; init; } = [];

    /// <summary>What is measured.</summary>
    public MeasureCatalog Measures { get; init; } = MeasureCatalog.Default;

    /// <summary>Reads <c>UTC</c>, <c>Z</c>, <c>+02:00</c>, <c>-0530</c>.</summary>
    /// <exception cref="FaultMatrixException">FT0822 for anything else.</exception>
    public static TimeSpan ParseOffset(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var zone = text.Trim() is "UTC" or "utc" ? "Z" : text.Trim();
        var noon = new DateTime(2000, 1, 1, 12, 0, 0, DateTimeKind.Utc).Ticks;
        return zone is ['Z' or '+' or '-', ..] && IsoStamp.TryParse(Encoding.ASCII.GetBytes("2000-01-01T12:00:00" + zone), out var stamp)
            ? TimeSpan.FromTicks(noon - stamp.Ticks)
            : throw new FaultMatrixException("FT0822", $"'{text}' is no offset from UTC; write it as UTC, +02:00 or -05:30");
    }
}
