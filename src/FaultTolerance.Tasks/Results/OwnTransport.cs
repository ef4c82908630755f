using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results;

/// <summary>
/// Judges the tool's own way to the frontends: the port-forward, the API server behind it, the kubelet behind that. Requests that failed on
/// it are in none of the service's figures; too many of them, or of those that waited for it, and the figures are of a service that was
/// hardly asked. Where a fault of the run broke that way, it takes more of them to say so.
/// </summary>
internal static class OwnTransport
{
    /// <summary>Share of the sent requests above which a row is not to be trusted.</summary>
    public const double MostShare = 0.01;

    /// <summary>The same of all that failed or waited, those that a fault of the run asked for too.</summary>
    public const double MostAskedShare = 0.5;

    /// <summary>A finding where any request failed or waited on our own way: an error above the share, a warning below.</summary>
    public static IEnumerable<Diagnostic> Check(
        string folder, ImmutableArray<ClientLog> clients, BrokenWays ways, AskedCuts asked, RequestBooks books)
    {
        var (failed, held, askedFailed, askedHeld) = Count(clients, ways, asked, books);
        if (failed + held + askedFailed + askedHeld > 0)
        {
            var tooMany = failed + held > MostShare * books.Sent
                || failed + held + askedFailed + askedHeld > MostAskedShare * books.Sent;
            string?[] parts =
            [
                failed + held > 0 ? $"{Said(failed, held, books.Sent)}: {Why(clients, ways, failed)}" : null,
                askedFailed + askedHeld > 0
                    ? $"{Said(askedFailed, askedHeld, books.Sent)}: a fault of this run cut that way, as was asked for "
                        + "(--transport service does not go through the API server)" : null,
            ];
            yield return new Diagnostic(
                ParseCodes.OwnTransport, tooMany ? Severity.Error : Severity.Warning, string.Join("; ", parts.OfType<string>()))
            { File = folder };
        }
    }

    private static string Said(long failed, long held, long sent)
    {
        var lost = $"{failed} of {sent} requests failed on our own way to the frontends (port-forward, API server, kubelet), "
            + "not on the service, and are in none of its figures";
        var waited = $"{held} of {sent} requests were under way while it carried nothing: how long they took is not the service's doing";
        return held == 0 ? lost : failed == 0 ? $"our own way to the frontends broke, and {waited}" : $"{lost}; {waited}";
    }

    private static (long Failed, long Held, long AskedFailed, long AskedHeld) Count(
        ImmutableArray<ClientLog> clients, BrokenWays ways, AskedCuts asked, RequestBooks books)
    {
        if (ways.Spans.IsEmpty && asked.Spans.IsEmpty)
        {
            return (books.OwnTransport, 0, 0, 0);
        }

        var (failed, held, askedFailed, askedHeld) = (0L, 0L, 0L, 0L);
        foreach (var chunk in clients.SelectMany(client => client.Attempts.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                var lost = attempt.Outcome == Outcome.Transport;
                if (!attempt.IsLast || (!lost && !ways.Held(attempt)))
                {
                    continue;
                }

                var meant = asked.Held(attempt);
                failed += lost && !meant ? 1 : 0;
                held += !lost && !meant ? 1 : 0;
                askedFailed += lost && meant ? 1 : 0;
                askedHeld += !lost && meant ? 1 : 0;
            }
        }

        return (failed, held, askedFailed, askedHeld);
    }

    // What the run found of the way itself says more than what its requests met on it.
    private static string Why(ImmutableArray<ClientLog> clients, BrokenWays ways, long failed)
    {
        if (ways.Spans.Select(span => span.Reason).FirstOrDefault(reason => reason is not null) is { } reason)
        {
            return reason;
        }

        var most = clients.SelectMany(client => client.Attempts).Where(attempt => attempt is { IsLast: true, Outcome: Outcome.Transport })
            .GroupBy(attempt => attempt.Error ?? "no reason was recorded", StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).FirstOrDefault();
        return most is null ? "no reason was recorded" : $"{most.Key}{(most.Count() < failed ? $" ({most.Count()} times)" : "")}";
    }
}
