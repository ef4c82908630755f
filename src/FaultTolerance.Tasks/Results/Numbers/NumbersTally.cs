using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Numbers;

/// <summary>Sums a row's attempts up, in one pass over them.</summary>
internal static class NumbersTally
{
    /// <summary>The row's numbers; null where no log has our own stamps.</summary>
    /// <param name="clients">The attempts.</param>
    /// <param name="load">What the load was asked for; null where the timeline does not tell.</param>
    /// <param name="warmUpEnd">The end of the warm-up, UTC ticks: what was sent earlier is left out.</param>
    /// <param name="fault">When the fault was ordered and when all was well again, UTC ticks; null without a fault.</param>
    public static RowNumbers? Of(
        IReadOnlyCollection<AttemptCollection> clients, LoadStarted? load, long warmUpEnd, (long Zero, long Recovered)? fault)
    {
        ArgumentNullException.ThrowIfNull(clients);
        AttemptCollection[] all = [.. clients];
        var counted = SideBySide.Ranges(all.Length, (from, to) => Phases(all.AsSpan(from..to), load, warmUpEnd, fault));
        Part[] phases = [.. counted[0].Select((_, i) => Part.Of(counted.Select(parts => parts[i]), load))];
        var whole = Part.Of(phases, load);
        return whole.First is not { } first ? null : new RowNumbers(whole.Sum(first, whole.Last))
        {
            Before = fault is { } a ? phases[0].Sum(first, a.Zero) : null,
            During = fault is { } b ? phases[1].Sum(b.Zero, Math.Min(b.Recovered, whole.Last)) : null,
            After = fault is { } c ? phases[2].Sum(c.Recovered, whole.Last) : null,
        };
    }

    // Before the fault, during, after; all in the first without one.
    private static Part[] Phases(
        ReadOnlySpan<AttemptCollection> clients, LoadStarted? load, long warmUpEnd, (long Zero, long Recovered)? fault)
    {
        Part[] phases = [new(load), new(load), new(load)];
        foreach (var client in clients)
        {
            foreach (var chunk in client.Chunks())
            {
                foreach (ref readonly var attempt in chunk.Span)
                {
                    if (attempt.IsLast && attempt.Sent != 0 && attempt.Sent >= warmUpEnd && attempt.Outcome.TellsOfService())
                    {
                        var phase = fault is not { } at || attempt.Ended < at.Zero ? 0 : attempt.Sent <= at.Recovered ? 1 : 2;
                        phases[phase].Add(attempt, client.Gaps);
                    }
                }
            }
        }

        return phases;
    }

    private sealed class Part(LoadStarted? load)
    {
        private readonly Tally _latency = new();
        private readonly Tally _ttft = new();
        private readonly Tally _itl = new();
        private readonly Tally _tpot = new();
        private long _requests;
        private long _succeeded;
        private long _tokens;
        private long _counted;
        private long _good;

        public long? First { get; private set; }

        public long Last { get; private set; }

        public void Add(in Attempt attempt, GapStore gaps)
        {
            First = Math.Min(First ?? long.MaxValue, attempt.Sent);
            Last = Math.Max(Last, attempt.Ended);
            _requests++;
            if (attempt.Outcome != Outcome.Ok)
            {
                return;
            }

            _succeeded++;
            _latency.Add(attempt.ElapsedNanoseconds);
            _tokens += attempt.IsCounted ? attempt.Tokens : 0;
            _counted += attempt.IsCounted ? 1 : 0;
            long? ttft = attempt.FirstToken > attempt.Sent ? (attempt.FirstToken - attempt.Sent) * 100 : null;
            long? tpot = ttft is not null && attempt is { IsCounted: true, Tokens: > 1 }
                ? (attempt.Ended - attempt.FirstToken) * 100 / (attempt.Tokens - 1) : null;
            if (ttft is { } first)
            {
                _ttft.Add(first);
            }

            if (tpot is { } each)
            {
                _tpot.Add(each);
            }

            foreach (var (length, count) in gaps.Of(attempt.Gaps))
            {
                _itl.Add(length, count);
            }

            _good += Within(load?.GoodLatency, attempt.ElapsedNanoseconds) && Within(load?.GoodTtft, ttft) && Within(load?.GoodItl, tpot)
                ? 1
                : 0;
        }

        public static Part Of(IEnumerable<Part> parts, LoadStarted? load)
        {
            var sum = new Part(load);
            foreach (var part in parts)
            {
                sum.Add(part);
            }

            return sum;
        }

        public PhaseNumbers Sum(long from, long to) => new(
            Math.Max(0, (double)(to - from) / TimeSpan.TicksPerSecond),
            _requests,
            _succeeded,
            _counted == _succeeded && _counted > 0 ? _tokens : null,
            load is { GoodLatency: null, GoodTtft: null, GoodItl: null } or null ? null : _good)
        {
            Latency = _latency.Sum(),
            Ttft = _ttft.Sum(),
            Itl = _itl.Sum(),
            Tpot = _tpot.Sum(),
        };

        private void Add(Part other)
        {
            _latency.Add(other._latency);
            _ttft.Add(other._ttft);
            _itl.Add(other._itl);
            _tpot.Add(other._tpot);
            _requests += other._requests;
            _succeeded += other._succeeded;
            _tokens += other._tokens;
            _counted += other._counted;
            _good += other._good;
            First = other.First is { } first ? Math.Min(First ?? long.MaxValue, first) : First;
            Last = Math.Max(Last, other.Last);
        }

        // What a request does not have cannot be within a limit, but for the gap of a single token.
        private static bool Within(double? limit, long? nanoseconds) => limit is not { } most || nanoseconds / 1e9 <= most;
    }
}
