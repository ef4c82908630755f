using System.Globalization;

namespace FaultTolerance.Runs;

/// <summary>
/// The one clock of a run: the machine's monotonic clock, anchored to UTC once. Every process of the run on this machine that is
/// given the same anchor stamps on the same clock, whatever the wall clock does meanwhile.
/// </summary>
/// <param name="time">Where ticks come from.</param>
/// <param name="anchor">The pair of UTC time and ticks, taken once per run.</param>
internal sealed class RunClock(TimeProvider time, ClockAnchor anchor)
{
    /// <summary>The anchor.</summary>
    public ClockAnchor Anchor { get; } = anchor;

    /// <summary>The underlying provider, for delays and timers.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The present instant, UTC.</summary>
    public DateTimeOffset Now => At(Time.GetTimestamp());

    /// <summary>Anchors a new clock at the present.</summary>
    public static RunClock Start(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new(time, new ClockAnchor(time.GetUtcNow(), time.GetTimestamp()));
    }

    /// <summary>The instant of a tick count from <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public DateTimeOffset At(long timestamp) => Anchor.Utc + Time.GetElapsedTime(Anchor.Timestamp, timestamp);

    /// <summary>The tick count of an instant; that of <see cref="At"/> backwards, to a tick of 100 ns.</summary>
    public long TicksAt(DateTimeOffset instant) =>
        Anchor.Timestamp + (long)Math.Round((instant - Anchor.Utc).TotalSeconds * Time.TimestampFrequency);

    /// <summary>Our own form: UTC, seven digits, <c>Z</c>.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The form the reference suite's parser reads: naive UTC, six digits.</summary>
    public static string FormatLegacy(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}

/// <summary>A point at which UTC and the monotonic clock were read together.</summary>
/// <param name="Utc">The wall clock.</param>
/// <param name="Timestamp">The monotonic clock, in <see cref="TimeProvider.TimestampFrequency"/> ticks since boot.</param>
internal readonly record struct ClockAnchor(DateTimeOffset Utc, long Timestamp);
