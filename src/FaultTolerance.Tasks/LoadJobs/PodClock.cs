using FaultTolerance.Runs;

namespace FaultTolerance.LoadJobs;

/// <summary>A worker's clock on the run's: from exchanges of which the quickest counts.</summary>
/// <param name="Anchor">A point at which the run's time and the worker's ticks were read together.</param>
/// <param name="Frequency">The worker's ticks a second.</param>
/// <param name="Uncertainty">Half of the quickest round trip: by so much the anchor may be off.</param>
/// <param name="AheadOfRun">The worker's own wall clock minus the run's.</param>
internal sealed record PodClock(ClockAnchor Anchor, long Frequency, TimeSpan Uncertainty, TimeSpan AheadOfRun)
{
    private const int Exchanges = 40;

    /// <summary>Measures it.</summary>
    /// <param name="line">The line to the worker.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<PodClock> MeasureAsync(WorkerLine line, RunClock clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(clock);
        PodClock? best = null;
        for (var i = 0; i < Exchanges; i++)
        {
            var sent = clock.Now;
            var (answer, _) = await line.AskAsync(new(), cancellation);
            var half = (clock.Now - sent) / 2;
            if (best is null || half < best.Uncertainty)
            {
                var middle = sent + half;
                best = new(new(middle, answer.Now), answer.Frequency, half, answer.Wall - middle);
            }
        }

        return best!;
    }

    /// <summary>The worker's ticks at an instant of the run.</summary>
    public long TicksAt(DateTimeOffset instant) => Anchor.Timestamp + (long)((instant - Anchor.Utc).TotalSeconds * Frequency);

    /// <summary>The run's instant of the worker's ticks.</summary>
    public DateTimeOffset At(long ticks) => Anchor.Utc + TimeSpan.FromSeconds((double)(ticks - Anchor.Timestamp) / Frequency);
}
