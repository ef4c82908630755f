using System.Globalization;

namespace FaultTolerance.Results.Recovery;

/// <summary>What became of a measurement.</summary>
internal enum MeasuredKind
{
    /// <summary>The event happened; the value is its time or length.</summary>
    Value,

    /// <summary>The observation ended first; the value is what it is at least.</summary>
    Censored,

    /// <summary>There was nothing to measure: no error, no loss of capacity, never out of the steady band.</summary>
    NotNeeded,

    /// <summary>The artefacts do not tell.</summary>
    Unknown,
}

/// <summary>A recovery measurement in seconds.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Seconds">The value, or for <see cref="MeasuredKind.Censored"/> the lower bound.</param>
internal readonly record struct Measured(MeasuredKind Kind, double Seconds = 0)
{
    /// <summary>
    /// What happened then, or until when was looked, in words: whose request, which pod; null where there is nothing to say.
    /// </summary>
    public string? Event { get; init; }

    /// <summary>Nothing to measure.</summary>
    public static Measured NotNeeded { get; } = new(MeasuredKind.NotNeeded);

    /// <summary>The artefacts do not tell.</summary>
    public static Measured Unknown { get; } = new(MeasuredKind.Unknown);

    /// <summary>A span in ticks.</summary>
    public static Measured Of(long ticks, string? happened = null) =>
        new(MeasuredKind.Value, (double)ticks / TimeSpan.TicksPerSecond) { Event = happened };

    /// <summary>A lower bound in ticks. One of 0 or less holds for everything: then the artefacts do not tell.</summary>
    public static Measured AtLeast(long ticks, string? until = null) =>
        ticks <= 0 ? Unknown : new(MeasuredKind.Censored, (double)ticks / TimeSpan.TicksPerSecond) { Event = until };

    /// <summary>For tables: <c>12.34</c>, <c>&gt; 12.34</c>, <c>none</c>, or null where unknown.</summary>
    public string? ToCell() => Kind switch
    {
        MeasuredKind.Value => Text(Seconds),
        MeasuredKind.Censored => $"> {Text(Seconds)}",
        MeasuredKind.NotNeeded => "none",
        _ => null,
    };

    // What rounds to nothing has no sign: -0.00 would read as before the fault.
    private static string Text(double seconds) => (Math.Abs(seconds) < 0.005 ? 0 : seconds).ToString("F2", CultureInfo.InvariantCulture);
}
