using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster.Api;

namespace FaultTolerance.Cluster;

/// <summary>The API server's clock against ours.</summary>
/// <param name="Offset">Server minus runner.</param>
/// <param name="RoundTrip">The shortest round trip seen.</param>
/// <param name="Uncertainty">Half the width of the interval that the offset must lie in.</param>
internal readonly record struct ClockOffset(TimeSpan Offset, TimeSpan RoundTrip, TimeSpan Uncertainty)
{
    private const int Samples = 11;

    /// <summary>
    /// Measures it from the Date headers of eleven answers over a second, and writes the event <c>clock</c>. A header holds whole
    /// seconds, so each answer says only that the server's clock was in [date, date + 1 s) at some time between sending and receiving;
    /// answers spread over a second narrow that down to about a tenth.
    /// </summary>
    public static async Task<ClockOffset> MeasureAsync(ClusterSession session, TimelineWriter timeline, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(timeline);
        var clock = timeline.Clock;
        TimeSpan low = TimeSpan.MinValue, high = TimeSpan.MaxValue, shortest = TimeSpan.MaxValue;
        for (var i = 0; i < Samples; i++)
        {
            if (i > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(1.0 / (Samples - 1)), clock.Time, cancellation);
            }

            var sent = clock.Now;
            using var response = await session.Api.OpenAsync(
                new ApiCall("get", "/version", null),
                "/version",
                cancellation,
                repeated: true
            );
            var received = clock.Now;
            if (response.Headers.Date is not { } date)
            {
                continue;
            }

            low = Max(low, date - received);
            high = Min(high, date + TimeSpan.FromSeconds(1) - sent);
            shortest = Min(shortest, received - sent);
        }

        if (shortest == TimeSpan.MaxValue)
        {
            throw new ClusterException("FT0309", $"{session.Server} sends no Date header; the clock offset cannot be measured");
        }

        // A clock that was set meanwhile can turn the interval round; its middle is still the best guess.
        var result = new ClockOffset((low + high) / 2, shortest, (high - low).Duration() / 2);
        timeline.Write(new ClockMeasured(result.Offset.TotalSeconds, result.RoundTrip.TotalSeconds, result.Uncertainty.TotalSeconds));
        return result;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Offset.TotalSeconds:+0.000;-0.000} s ± {Uncertainty.TotalSeconds:0.000}");

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
