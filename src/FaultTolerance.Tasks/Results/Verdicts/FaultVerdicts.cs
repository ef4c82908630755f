using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Verdicts;

/// <summary>
/// Measures each fault of a row by itself, from its own order to the next one's. A request counts for the fault in whose time it ended, so
/// that what the faults lost adds up to what the row lost; what is normal is taken from before the first of them.
/// </summary>
internal static class FaultVerdicts
{
    /// <summary>The faults by their order; empty where the timeline tells of none.</summary>
    /// <param name="timeline">What happened until the teardown.</param>
    /// <param name="row">
    /// What the row's own measures look at; null where no single requests are known, and then nothing is measured.
    /// </param>
    /// <param name="whole">What they found, which is the verdict of an only fault.</param>
    /// <param name="definitions">The definitions of recovery.</param>
    public static ImmutableArray<FaultVerdict> Of(
        IEnumerable<TimelineEvent> timeline, RecoveryInput? row, ImmutableArray<(string Name, Measured Value)> whole,
        ImmutableArray<RecoveryDefinition> definitions)
    {
        var faults = FaultWindows.Of(timeline);
        if (faults.Length == 0 || row is null)
        {
            return faults;
        }

        if (faults.Length == 1)
        {
            return [Judged(faults[0], row, whole)];
        }

        var (free, shares) = Split(row, faults);
        var over = free.Count;
        return
        [
            .. faults.Select((fault, i) =>
            {
                var input = Input(row, faults, i, free, shares[i]);
                over += shares[i].Count;
                return Judged(fault, input, RecoveryDefinitions.Of(input, definitions)) with
                {
                    UnderWay = fault.Until is { } until ? HarmRule.FirstSentAfter(row.Requests, until - 1) - over : 0,
                };
            }),
        ];
    }

    // Each request in the time in which it ended; those before the first order tell what is normal.
    private static (List<RequestSample> Free, List<RequestSample>[] Shares) Split(RecoveryInput row, ImmutableArray<FaultVerdict> faults)
    {
        long[] orders = [.. faults.Select(fault => fault.Ordered)];
        var (free, shares) = (new List<RequestSample>(), orders.Select(_ => new List<RequestSample>()).ToArray());
        foreach (var request in row.Requests)
        {
            // Of several orders at one instant the last has what comes.
            var place = Array.BinarySearch(orders, request.End);
            place = place < 0 ? ~place - 1 : Array.LastIndexOf(orders, request.End);
            (place < 0 ? free : shares[place]).Add(request);
        }

        return (free, shares);
    }

    private static RecoveryInput Input(
        RecoveryInput row, ImmutableArray<FaultVerdict> faults, int i, List<RequestSample> free, List<RequestSample> own)
    {
        var fault = faults[i];
        var until = fault.Until ?? long.MaxValue;
        return row with
        {
            Zero = fault.Ordered,
            NormalUntil = faults[0].Ordered,
            Until = fault.Until,
            IsOrdered = true,
            Landed = fault.Landed < until ? fault.Landed : null,
            Service = fault.Service,
            Requests = [.. free.Concat(own).OrderBy(request => request.Start)],
            Timeline = [.. row.Timeline.Where(item => item.At < until)],
            ReadyLines = [.. row.ReadyLines.Where(line => line.At < until)],
        };
    }

    private static FaultVerdict Judged(FaultVerdict fault, RecoveryInput input, ImmutableArray<(string Name, Measured Value)> recovery)
    {
        var itself = Itself(fault);
        var steady = recovery.FirstOrDefault(pair => pair.Name == SteadyAgain.Key).Value;
        return fault with
        {
            Recovery = recovery,
            Open =
            [
                .. itself is null ? [] : new[] { itself },
                .. recovery.Where(pair => pair.Value.Kind == MeasuredKind.Censored).Select(pair => pair.Name.Replace('_', ' ')),
            ],
            Lost = input.IsFelt ? input.Harm.Lost.Length : null,
            Outcome = fault.Outcome == FaultOutcomeKind.Unproven ? FaultOutcomeKind.Unproven
                : itself is not null || steady.Kind == MeasuredKind.Censored ? FaultOutcomeKind.Open
                : steady.Kind == MeasuredKind.Value ? FaultOutcomeKind.Recovered
                : steady.Kind == MeasuredKind.NotNeeded && input.Harm.Lost.IsEmpty ? FaultOutcomeKind.NoHarm
                : FaultOutcomeKind.Unknown,
        };
    }

    // Null where its window was over before the next one's order, or the load's end.
    private static string? Itself(FaultVerdict fault)
    {
        if (fault is { Lasts: true, Ended: null })
        {
            return "the fault itself (not undone)";
        }

        if (fault.Until is not { } until || (fault.Ended ?? fault.Landed) is not { } end || end < until)
        {
            return null;
        }

        var late = TimeSpan.FromTicks(end - until).TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture);
        return $"the fault itself ({(fault.Lasts ? "undone" : "proven")} {late} s later)";
    }
}
