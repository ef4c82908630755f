using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Reading;
using FaultTolerance.Runs;

namespace FaultTolerance.Results.Vantages;

/// <summary>What the one client logged that sent from here beside a load from the cluster.</summary>
/// <param name="Attempts">Its attempts, with the outcomes that are theirs.</param>
/// <param name="Books">Its requests by what became of them.</param>
/// <param name="Generator">How its sending went; null where its timeline does not tell.</param>
/// <param name="Findings">What could not be read or does not add up: warnings, since the row stands on the other clients.</param>
internal sealed record ProbeLogs(
    ImmutableArray<AttemptCollection> Attempts, RequestBooks Books, GeneratorCheck? Generator, ImmutableArray<Diagnostic> Findings)
{
    /// <summary>Reads them; null where the row has no such client.</summary>
    /// <param name="row">The row's folder.</param>
    /// <param name="timeline">The row's timeline, which tells of pods in trouble.</param>
    /// <param name="offset">What is taken off stamps that have no zone.</param>
    public static ProbeLogs? Read(ScenarioFolder row, Timeline timeline, TimeSpan offset)
    {
        ArgumentNullException.ThrowIfNull(row);
        var folder = row.Probe;
        var own = Timeline.Read(folder.Timeline);
        if (!own.Of<LoadStarted>().Any())
        {
            return null;
        }

        ImmutableArray<ClientLog> clients = ClientLogFiles.Read(folder.Path, offset);
        ImmutableArray<AttemptCollection> attempts = [.. clients.Select(client => client.Attempts)];
        // Its own timeline has the looks at its way.
        BrokenWays.Of(own).Settle(attempts);
        KeptResets.Settle(attempts, timeline);
        var books = BooksCheck.Count(clients, own);
        return new ProbeLogs(attempts, books, GeneratorCheck.Of(own),
        [
            .. own.Findings.ToImmutable().Concat(clients.SelectMany(client => client.Findings.ToImmutable()))
                .Concat(BooksCheck.Check(folder.Path, clients, own, books))
                .Select(finding => finding.Severity == Severity.Error ? finding with { Severity = Severity.Warning } : finding),
        ]);
    }
}
