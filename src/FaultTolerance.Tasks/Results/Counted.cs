using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results;

/// <summary>What goes through all attempts and needs nothing else of the row; with a million of them it is worth all processors.</summary>
/// <param name="Books">The requests, counted.</param>
/// <param name="Wrong">What of them does not add up.</param>
/// <param name="Failures">What the service said of its failures.</param>
/// <param name="Answers">Notes on the answers.</param>
/// <param name="Connections">What new connections cost; null where no attempt tells.</param>
/// <param name="Requests">The requests by their start; none where nobody asks for them.</param>
internal sealed record Counted(
    RequestBooks Books,
    ImmutableArray<Diagnostic> Wrong,
    ImmutableArray<FailureText> Failures,
    ImmutableArray<string> Answers,
    NewConnections? Connections,
    RequestSample[] Requests
)
{
    /// <summary>Counts them.</summary>
    /// <param name="folder">The scenario's folder, for messages.</param>
    /// <param name="clients">The clients' logs.</param>
    /// <param name="timeline">The timeline.</param>
    /// <param name="summed">The books of a client that keeps no log of each request, or null.</param>
    /// <param name="areMeasured">Whether the requests by their start are asked for.</param>
    public static Counted Of(
        string folder, ImmutableArray<ClientLog> clients, Timeline timeline, RequestBooks? summed, bool areMeasured)
    {
        AttemptCollection[] attempts = [.. clients.Select(client => client.Attempts)];
        RequestSample[] requests = [];
        Counted? counted = null;
        SideBySide.Do(
            () => requests = areMeasured ? RequestSample.Of(attempts) : [],
            () => counted = Unordered(folder, clients, timeline, summed, attempts));
        return counted! with { Requests = requests };
    }

    private static Counted Unordered(
        string folder, ImmutableArray<ClientLog> clients, Timeline timeline, RequestBooks? summed, AttemptCollection[] attempts)
    {
        var books = clients.IsEmpty && summed is not null ? summed : BooksCheck.Count(clients, timeline);
        return new(
            books,
            [.. BooksCheck.Check(folder, clients, timeline, books)],
            FailureText.Of(attempts),
            [.. AnswerNotes.Of(attempts)],
            NewConnections.Of(attempts),
            []);
    }
}
