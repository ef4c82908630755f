using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Results.Legacy;

namespace FaultTolerance.Results;

/// <summary>Decides how far a row can be trusted, and what its reader must be told.</summary>
internal static class RowVerdict
{
    /// <summary>The share of a baseline's requests that may fail, 0 to 1.</summary>
    private const double LargestBaselineShare = 0.05;

    /// <summary>What a row is worth.</summary>
    public static (RowState State, ImmutableArray<string> Notes) Of(
        string failure,
        LegacyRow row,
        Timeline timeline,
        TestLogTimes test,
        FaultProof proof,
        GeneratorCheck? generator,
        IReadOnlyCollection<Diagnostic> findings,
        RequestBooks books,
        bool hasPodLogs,
        IReadOnlyCollection<AttemptCollection> clients
    )
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        var failed = timeline.Of<PhaseChanged>().Where(phase => phase.State == PhaseState.Failed).ToList();
        notes.AddRange(failed.Select(phase => $"{phase.Phase} failed{(phase.Reason is { } reason ? $": {reason}" : "")}"));
        // What a finding says of it as well is told once.
        notes.AddRange(
            timeline.Of<ErrorNoted>()
                .Where(error => !findings.Any(finding => finding.Message == error.Message))
                .Select(error => $"{error.Code}: {error.Message}"));
        var stopped = timeline.Of<LoadStopped>().LastOrDefault();
        if (stopped is not null)
        {
            notes.Add($"stopWhen {stopped.Limit} ended the load early: {stopped.Reason}");
        }

        notes.AddRange(timeline.Of<LoadPodLost>().Select(lost =>
            $"load pod {lost.Pod} was lost ({lost.Reason}): of {lost.NotSent} of its {lost.Planned} requests nothing is known"));

        if (proof.Doubt is { } doubt)
        {
            notes.Add(doubt);
        }

        var errors = findings.Where(finding => finding.Severity == Severity.Error).ToList();
        notes.AddRange(errors.Select(finding => $"{finding.Code}: {finding.Message}"));
        notes.AddRange((generator?.Reasons ?? []).Select(reason => $"the load generator cannot be trusted here: {reason}"));
        var left = findings.Where(finding => finding.Severity == Severity.Warning).ToList();
        if (left.Count > 0)
        {
            notes.Add($"partial: {left[0].Message}{(left.Count > 1 ? $" (and {left.Count - 1} more findings in summary.json)" : "")}");
        }

        if (failure != "none" && test.Fault is not null && row is { SuccessBefore: not null, SuccessAfter: null })
        {
            notes.Add("no request ended after the fault: the load was over too early to feel it");
        }

        if (proof.FirstLanded is { } landed && timeline.Of<LoadEnded>().LastOrDefault() is { } ended && landed > ended.At)
        {
            var late = TimeSpan.FromTicks(landed - ended.At).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            notes.Add($"the fault landed {late} s after the load had ended: clients saw its beginning only");
        }

        if (failure != "none" && row.Recovery is null && test.Fault is not null && hasPodLogs)
        {
            notes.Add("no ready text follows the fault: Recovery is N/A");
        }

        // Of a service that answered nobody before, a fault takes nothing away. Short answers are answers, whatever the first table says.
        var blind = failure != "none" && proof.FirstLanded is { } hit && !AnyAnswered(clients, proof.FirstIssued ?? hit);
        if (blind)
        {
            notes.Add("no request was answered before the fault: the row measures nothing");
        }

        // What fails without a fault says nothing of faults: neither this row nor those that are read beside it.
        var unhealthy = failure == "none" && books.Failed + books.NotSent > LargestBaselineShare * (books.Sent + books.NotSent);
        if (unhealthy)
        {
            notes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{books.Failed + books.NotSent} of {books.Sent + books.NotSent} requests failed though there was no fault: this is no baseline"
                )
            );
        }

        var state = failed.Count > 0 || (row.SuccessBefore is null && row.Startup is null) ? RowState.Failed
            : proof.Doubt is not null ? RowState.Unproven
            : errors.Count > 0 || generator is { Reasons.IsEmpty: false } || blind || unhealthy || stopped is not null ? RowState.Invalid
            : failure == "none" ? RowState.Baseline
            : proof.Known ? RowState.Measured
            : RowState.Unverified;
        return (state, [.. notes.Select(note => SecretText.Hide(ForeignText.Line(note)))]);
    }

    private static bool AnyAnswered(IEnumerable<AttemptCollection> clients, long before)
    {
        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.Outcome == Outcome.Ok && attempt.Ended <= before)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
