namespace FaultTolerance.Results.Recovery;

/// <summary>
/// The band of normal behaviour, from the fault-free part of the same run, after Brown and Patterson's availability benchmarks (2000):
/// successes per window at least the mean less three standard deviations (and never asked to be closer than 10 % or than a random plan's
/// own spread, the mean's root), and the window's 95th percentile of latency at most a quarter above that of the whole part, or the worst
/// window in it. No window may hold more failures than the worst of the fault-free part, which is none as a rule.
/// </summary>
/// <remarks>
/// A window of ten requests has no 95th percentile to speak of. So it is not their percentile that is compared but how many of them are
/// slower than the limit: more than chance brings once in 10,000 windows, when one in twenty may be, and the percentile is over it.
/// </remarks>
/// <param name="Window">Length of a window, ticks.</param>
/// <param name="MeanSuccesses">Mean successes a window.</param>
/// <param name="LeastSuccesses">Fewest successes a window may hold.</param>
/// <param name="WorstLatency">Largest 95th percentile a window may have, ticks.</param>
/// <param name="TypicalLatency">Median latency, ticks.</param>
/// <param name="MostFailures">Most failures a window may hold.</param>
public sealed record SteadyBand(long Window, double MeanSuccesses, double LeastSuccesses, long WorstLatency, long TypicalLatency, int MostFailures)
{
    /// <summary>Fewer windows than this before the fault say nothing about what is normal.</summary>
    public const int FewestWindows = 3;

    /// <summary>The band, or null where the fault came too early. The first window is left out as warm-up where there are enough.</summary>
    public static SteadyBand? Of(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var window = Math.Max(1, input.SteadyFor.Ticks / 5);
        if (input.Requests.Length == 0)
        {
            return null;
        }

        // Windows end at the fault and are counted back from it.
        var start = long.MaxValue;
        foreach (ref readonly var request in input.Requests.AsSpan())
        {
            start = Math.Min(start, request.Start);
        }

        start = Math.Max(input.MeasuredFrom, start);
        var end = input.From;
        var count = (int)Math.Min(10_000, (end - start) / window);
        count -= count > FewestWindows ? 1 : 0;
        if (count < FewestWindows)
        {
            return null;
        }

        var failures = 0;
        var windows = new List<List<long>>();
        for (var i = 0; i < count; i++)
        {
            windows.Add(Latencies(input, end - ((i + 1) * window), end - (i * window), out var failed));
            failures = Math.Max(failures, failed);
        }

        var mean = windows.Average(latencies => latencies.Count);
        var deviation = Math.Sqrt(windows.Average(latencies => Math.Pow(latencies.Count - mean, 2)));
        List<long> together = [.. windows.SelectMany(latencies => latencies)];
        var all = Percentile95(together);
        var worst = windows.Max(Percentile95);
        return new SteadyBand(window, mean, mean - Math.Max(3 * Math.Max(deviation, Math.Sqrt(mean)), 0.1 * mean), Math.Max(worst, all + (all / 4)), together.Count == 0 ? 0 : together[together.Count / 2], failures);
    }

    /// <summary>Whether the window that begins at an instant is inside the band.</summary>
    public bool Holds(RecoveryInput input, long from) => Holds(input, from, out _);

    /// <summary>The same, and whether it is out for its failures, whatever else is wrong with it.</summary>
    internal bool Holds(RecoveryInput input, long from, out bool fails)
    {
        ArgumentNullException.ThrowIfNull(input);
        var latencies = Latencies(input, from, from + Window, out var failed);
        fails = failed > MostFailures;
        return !fails && latencies.Count >= LeastSuccesses && latencies.Count(latency => latency > WorstLatency) <= Binomial.Most(latencies.Count, 0.05);
    }

    /// <summary>Whether a request is one that a steady service would not have given: failed, or slower than the limit.</summary>
    public bool Harms(in RequestSample request) => !request.Ok || request.End - request.Start > WorstLatency;

    /// <summary>The instant at which a client could see that such a request is harmed: its end, or when it had taken longer than the limit.</summary>
    public long Shows(in RequestSample request) => Math.Min(request.End, request.Start + WorstLatency);

    internal static List<long> Latencies(RecoveryInput input, long from, long to) => Latencies(input, from, to, out _);

    private static List<long> Latencies(RecoveryInput input, long from, long to, out int failed)
    {
        var latencies = new List<long>();
        failed = 0;
        for (var i = FirstAtOrAfter(input.Requests, from); i < input.Requests.Length && input.Requests[i].End < to; i++)
        {
            var request = input.Requests[i];
            failed += request.Ok ? 0 : 1;
            if (request.Ok)
            {
                latencies.Add(request.End - request.Start);
            }
        }

        return latencies;
    }

    private static long Percentile95(List<long> values)
    {
        if (values.Count == 0)
        {
            return 0;
        }

        values.Sort();
        return values[(int)Math.Ceiling(0.95 * values.Count) - 1];
    }

    internal static int FirstAtOrAfter(RequestSample[] requests, long end)
    {
        var (low, high) = (0, requests.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = requests[middle].End < end ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
