using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Results.Legacy;

/// <summary>
/// The reference suite's columns by the reference suite's rules (its <c>legacy_parse_results.py</c> of September 2025), but for two
/// of its faults: stamps of different zones are brought together, and no failure is dropped for its name. Attempts that say nothing of the
/// service are in no column: the suite makes a connection for each, and knows none of them.
/// </summary>
internal static class LegacyParser
{
    /// <summary>Makes the row.</summary>
    /// <param name="failure">The failure's name.</param>
    /// <param name="test">The runner's log.</param>
    /// <param name="attempts">Every attempt; their order does not matter.</param>
    /// <param name="pods">Ready texts of the pods' logs.</param>
    /// <param name="sla">Latency limit in seconds, or null.</param>
    public static LegacyRow Row(string failure, TestLogTimes test, IEnumerable<ReadOnlyMemory<Attempt>> attempts, PodLogs pods, double? sla)
    {
        var fault = failure == "none" ? null : test.Fault;
        Side before = new(sla), after = new(sla);
        foreach (var chunk in attempts)
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.Outcome.TellsOfService())
                {
                    (fault is null || attempt.RequestEnd <= fault ? before : after).Add(attempt);
                }
            }
        }

        var hasBefore = before.Count > 0 || after.Count > 0;
        var hasAfter = after.Count > 0;
        return new LegacyRow(
            failure,
            Startup: test.Start is { } start && test.Ready is { } ready ? Seconds(ready - start) : null,
            SuccessBefore: hasBefore ? before.Success : null,
            FailedBefore: hasBefore ? before.Count - before.Success : null,
            SuccessAfter: hasAfter ? after.Success : null,
            FailedAfter: hasAfter ? after.Count - after.Success : null,
            LatencyBefore: hasBefore ? before.Mean : null,
            LatencyAfter: hasAfter ? after.Mean : null,
            Recovery: Recovery(fault, pods))
        {
            ViolationsBefore = sla is not null && hasBefore ? before.Violations : null,
            ViolationsAfter = sla is not null && hasAfter ? after.Violations : null,
        };
    }

    /// <summary>The largest positive difference between a ready text and the fault; none where every ready text is older.</summary>
    private static double? Recovery(long? fault, PodLogs pods) =>
        fault is { } at && pods.Ready.Select(line => line.At - at).DefaultIfEmpty(0).Max() is > 0 and var longest ? Seconds(longest) : null;

    private static double Seconds(long ticks) => (double)ticks / TimeSpan.TicksPerSecond;

    /// <summary>Sums of one side of the fault; whole nanoseconds, so that the order of the attempts changes nothing.</summary>
    private sealed class Side(double? sla)
    {
        private Int128 _nanoseconds;

        public long Count { get; private set; }

        public long Success { get; private set; }

        public long Violations { get; private set; }

        public double Mean => Success == 0 ? double.NaN : (double)_nanoseconds / 1e9 / Success;

        public void Add(in Attempt attempt)
        {
            Count++;
            if (attempt.LegacySuccess)
            {
                Success++;
                _nanoseconds += attempt.ElapsedNanoseconds;
                Violations += attempt.Seconds > sla ? 1 : 0;
            }
        }
    }
}
