using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results;

/// <summary>Whether the client logs hold all that was planned.</summary>
internal static class BooksCheck
{
    /// <summary>Counts the requests in the clients' logs and those that the timeline tells.</summary>
    public static RequestBooks Count(ImmutableArray<ClientLog> clients, Timeline timeline)
    {
        var outcomes = new long[Enum.GetValues<Outcome>().Length];
        var became = new long[outcomes.Length];
        long succeeded = 0, attempts = 0, apart = 0;
        foreach (var chunk in clients.SelectMany(client => client.Attempts.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                outcomes[(int)attempt.Outcome]++;
                attempts++;
                succeeded += attempt is { IsLast: true, Outcome: Outcome.Ok } ? 1 : 0;
                became[(int)attempt.Outcome] += attempt.IsLast ? 1 : 0;
                apart += attempt.IsLast && !attempt.Outcome.TellsOfService() ? 1 : 0;
            }
        }

        foreach (var unsent in clients.SelectMany(client => client.Unsent))
        {
            became[(int)unsent.Outcome]++;
        }

        long sent = clients.Sum(client => (long)client.Sent);
        return new RequestBooks(
            Planned(timeline),
            sent,
            clients.Sum(client => (long)client.Unsent.Count),
            succeeded,
            sent - succeeded - apart,
            attempts
        )
        {
            Outcomes = Counts(outcomes),
            Became = Counts(became),
        };
    }

    private static ImmutableArray<(Outcome Outcome, long Count)> Counts(long[] counts) =>
        [.. Enum.GetValues<Outcome>().Where(outcome => counts[(int)outcome] > 0).Select(outcome => (outcome, counts[(int)outcome]))];

    // A load that lasts until the service is steady again plans more on the way, and says so when it ends.
    private static long? Planned(Timeline timeline) =>
        timeline.Of<LoadEnded>().LastOrDefault()?.Planned ?? timeline.Of<LoadStarted>().LastOrDefault()?.Planned;

    /// <summary>What does not add up.</summary>
    public static IEnumerable<Diagnostic> Check(string folder, ImmutableArray<ClientLog> clients, Timeline timeline, RequestBooks books)
    {
        Diagnostic Wrong(string message, string? file = null) =>
            new(ParseCodes.BooksDoNotAddUp, Severity.Error, message) { File = file ?? folder };
        if (books.Planned is { } planned && planned != books.Sent + books.NotSent)
        {
            yield return Wrong($"{planned} requests were planned, but the client logs hold {books.Sent} sent and {books.NotSent} not sent");
        }

        if (
            timeline.Of<LoadEnded>().LastOrDefault() is { } ended
            && (ended.Sent ?? books.Sent, ended.NotSent ?? books.NotSent) is var (sent, notSent)
            && (sent != books.Sent || notSent != books.NotSent)
        )
        {
            yield return Wrong(
                $"the load says it sent {sent} requests and {notSent} not, but the client logs hold {books.Sent} and {books.NotSent}"
            );
        }

        if (timeline.Exists)
        {
            foreach (var client in clients)
            {
                if (Twice(client) is { } number)
                {
                    yield return new Diagnostic(ParseCodes.RequestTwice, Severity.Error, $"request {number} stands more than once")
                    {
                        File = client.File,
                    };
                }
            }
        }
        else if (clients.Length > 1 && clients.Max(client => client.Sent + client.Unsent.Count) is var most)
        {
            foreach (var client in clients.Where(client => client.Sent + client.Unsent.Count < most))
            {
                yield return new Diagnostic(
                    ParseCodes.UnevenClients,
                    Severity.Warning,
                    $"holds {client.Sent + client.Unsent.Count} requests where another client has {most}: this client may have ended early without a record"
                )
                {
                    File = client.File,
                };
            }
        }
    }

    // Numbers run from 0 to the count as a rule; a set is for the others, which only a broken log has.
    private static int? Twice(ClientLog client)
    {
        var seen = new bool[client.Sent + client.Unsent.Count];
        var others = new HashSet<int>();
        bool Again(int number) => (uint)number < (uint)seen.Length ? seen[number] || !(seen[number] = true) : !others.Add(number);
        foreach (var chunk in client.Attempts.Chunks())
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.IsLast && Again(attempt.Request))
                {
                    return attempt.Request;
                }
            }
        }

        return client.Unsent.Where(unsent => Again(unsent.Request)).Select(unsent => (int?)unsent.Request).FirstOrDefault();
    }
}
