namespace FaultTolerance;

/// <summary>A request as it counts for what is normal.</summary>
internal interface IAnswered
{
    /// <summary>When it was sent, UTC ticks.</summary>
    long Start { get; }

    /// <summary>When it was over, UTC ticks.</summary>
    long End { get; }

    /// <summary>Whether it succeeded.</summary>
    bool Ok { get; }

    /// <summary>Whether it is a stream that broke: until its end it was served.</summary>
    bool Broke { get; }
}

/// <summary>
/// The service as it was in the fault-free part of the same run, after Brown and Patterson's availability benchmarks (2000): how long
/// answers take, and how many requests fail. A request is late when it takes longer than the 95th percentile plus a quarter, or than the
/// worst 95th percentile of a window; it stalls when it takes longer than anything seen before by far. The load that runs until the service
/// is steady again and the measures of a run go by the same numbers.
/// </summary>
/// <param name="Times">How long its answers took, by length; ticks.</param>
/// <param name="Window">Length of a window in which this service gives <see cref="Fewest"/> answers, at least what was asked for;
/// ticks.</param>
/// <param name="Rate">Answers a tick.</param>
/// <param name="Limit">What takes longer is late; ticks.</param>
/// <param name="StallLimit">What takes longer stalls; ticks.</param>
/// <param name="FailedShare">Share of requests that failed, 0 to 1.</param>
internal record NormalAnswers(long[] Times, long Window, double Rate, long Limit, long StallLimit, double FailedShare)
{
    /// <summary>Fewer answers than this do not tell silence from steady, nor late from normal.</summary>
    public const int Fewest = 20;

    /// <summary>Median of its answers' time, ticks.</summary>
    public long Typical => Times[Times.Length / 2];

    /// <summary>Whether an answered request took longer than is normal.</summary>
    public bool IsLate<T>(in T request)
        where T : struct, IAnswered => request.End - request.Start > Limit;

    /// <summary>
    /// When a late request must have been taken up, had it then been served as is normal. Of many late ones the last is one whose answer
    /// took long anyway: the more there are, the longer the time that is taken for normal.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="late">How many are late.</param>
    public long Served<T>(in T request, int late)
        where T : struct, IAnswered =>
        Math.Max(request.Start, request.End - Times[(int)((1 - (0.5 / Math.Max(1, late))) * (Times.Length - 1))]);

    // A wait that nobody would call jitter.
    private static readonly long Stall = TimeSpan.FromSeconds(0.5).Ticks;

    /// <summary>What is normal; null where fewer than <see cref="Fewest"/> requests were answered in that time.</summary>
    /// <param name="requests">Requests by their start.</param>
    /// <param name="from">What was sent earlier is left out; UTC ticks.</param>
    /// <param name="until">What ended at this instant or later is left out: the first fault's order; UTC ticks.</param>
    /// <param name="least">Shortest window; what was sent in the first one is left out too, where enough is left. Ticks.</param>
    public static NormalAnswers? Of<T>(ReadOnlySpan<T> requests, long from, long until, long least)
        where T : struct, IAnswered
    {
        var start = long.MaxValue;
        var answered = new List<long>();
        foreach (ref readonly var request in requests)
        {
            if (request.Start >= from && request.End < until)
            {
                start = Math.Min(start, request.Start);
                if (request.Ok)
                {
                    answered.Add(request.Start);
                }
            }
        }

        // What came first met cold caches and new connections.
        start += answered.Count(at => at >= start + least) >= 3 * Fewest ? least : 0;
        var (times, failed) = (new List<long>(answered.Count), 0);
        foreach (ref readonly var request in requests)
        {
            if (request.Start >= start && request.End < until)
            {
                failed += request.Ok ? 0 : 1;
                if (request.Ok)
                {
                    times.Add(request.End - request.Start);
                }
            }
        }

        if (times.Count < Fewest)
        {
            return null;
        }

        var rate = (double)times.Count / Math.Max(1, until - start);
        var window = Math.Max(least, (long)(Fewest / rate));
        var worst = WorstWindow(requests, start, until, window);
        times.Sort();
        var all = Percentile95(times);
        var limit = Math.Max(worst, all + (all / 4));
        return new NormalAnswers(
            [.. times], window, rate, limit, Math.Max(2 * times[^1], limit + Stall), (double)failed / (times.Count + failed));
    }

    private static long WorstWindow<T>(ReadOnlySpan<T> requests, long start, long until, long window)
        where T : struct, IAnswered
    {
        var (worst, end) = (0L, start + window);
        var times = new List<long>();
        void Close()
        {
            times.Sort();
            worst = Math.Max(worst, times.Count >= Fewest ? Percentile95(times) : 0);
            times.Clear();
        }

        foreach (ref readonly var request in requests)
        {
            if (request.Start < start || request.End >= until || !request.Ok)
            {
                continue;
            }

            if (request.Start >= end)
            {
                Close();
                end += (1 + ((request.Start - end) / window)) * window;
            }

            times.Add(request.End - request.Start);
        }

        Close();
        return worst;
    }

    private static long Percentile95(List<long> sorted) => sorted[(int)Math.Ceiling(0.95 * sorted.Count) - 1];
}
