using System.Runtime.InteropServices;

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
        foreach (ref readonly var request in requests)
        {
            start = request.Start >= from && request.End < until ? Math.Min(start, request.Start) : start;
        }

        // What came first met cold caches and new connections.
        var (warm, count) = (start + least, Answered(requests, start, until));
        if (start < long.MaxValue && Answered(requests, warm, until) is >= 3 * Fewest and var later)
        {
            (start, count) = (warm, later);
        }

        var (starts, times, failed) = (new List<long>(count), new List<long>(count), 0);
        foreach (ref readonly var request in requests)
        {
            if (request.Start >= start && request.End < until)
            {
                failed += request.Ok ? 0 : 1;
                if (request.Ok)
                {
                    starts.Add(request.Start);
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
        var (worst, sorted) = (0L, times.ToArray());
        void Sort() => Array.Sort(sorted);
        void Windows() => worst = WorstWindow(starts, times, start, window);
        if (sorted.Length < SideBySide.WorthAThread)
        {
            Sort();
            Windows();
        }
        else
        {
            SideBySide.Do(Sort, Windows);
        }

        var all = Percentile95(sorted);
        var limit = Math.Max(worst, all + (all / 4));
        return new NormalAnswers(
            sorted, window, rate, limit, Math.Max(2 * sorted[^1], limit + Stall), (double)failed / (sorted.Length + failed));
    }

    private static int Answered<T>(ReadOnlySpan<T> requests, long from, long until)
        where T : struct, IAnswered
    {
        var count = 0;
        foreach (ref readonly var request in requests)
        {
            count += request.Ok && request.Start >= from && request.End < until ? 1 : 0;
        }

        return count;
    }

    private static long WorstWindow(List<long> starts, List<long> times, long start, long window)
    {
        var (worst, end, first) = (0L, start + window, 0);
        var span = CollectionsMarshal.AsSpan(times);
        for (var i = 0; i <= starts.Count; i++)
        {
            if (i < starts.Count && starts[i] < end)
            {
                continue;
            }

            var part = span[first..i];
            part.Sort();
            worst = Math.Max(worst, part.Length >= Fewest ? Percentile95(part) : 0);
            if (i < starts.Count)
            {
                (first, end) = (i, end + ((1 + ((starts[i] - end) / window)) * window));
            }
        }

        return worst;
    }

    private static long Percentile95(ReadOnlySpan<long> sorted) => sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1];
}
