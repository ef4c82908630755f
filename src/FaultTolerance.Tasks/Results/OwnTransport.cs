using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results;

/// <summary>
/// Judges the tool's own way to the frontends: the port-forward, the API server behind it, the kubelet behind that. Requests that failed on
/// it are in none of the service's figures; too many of them, or of those that waited for it, and the figures are of a service that was
/// hardly asked.
/// </summary>
internal static class OwnTransport
{
    /// <summary>Share of the sent requests above which a row is not to be trusted.</summary>
    public const double MostShare = 0.01;

    /// <summary>One finding where any request failed or waited on our own way: an error above the share, a warning below.</summary>
    public static IEnumerable<Diagnostic> Check(string folder, ImmutableArray<ClientLog> clients, BrokenWays ways, RequestBooks books)
    {
        var held = Held(clients, ways);
        if (books.OwnTransport + held == 0)
        {
            yield break;
        }

        var failed =
            $"{books.OwnTransport} of {books.Sent} requests failed on our own way to the frontends (port-forward, API server, kubelet), not on the service, and are in none of its figures";
        var waited = $"{held} of {books.Sent} requests were under way while it carried nothing: how long they took is not the service's doing";
        var what = held == 0 ? failed : books.OwnTransport == 0 ? $"our own way to the frontends broke, and {waited}" : $"{failed}; {waited}";
        yield return new Diagnostic(
            ParseCodes.OwnTransport,
            books.OwnTransport + held > MostShare * books.Sent ? Severity.Error : Severity.Warning,
            $"{what}: {Why(clients, ways, books.OwnTransport)}")
        { File = folder };
    }

    private static long Held(ImmutableArray<ClientLog> clients, BrokenWays ways)
    {
        long held = 0;
        foreach (var chunk in ways.Spans.IsEmpty ? [] : clients.SelectMany(client => client.Attempts.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                held += attempt is { IsLast: true, Outcome: not Outcome.Transport } && ways.Held(attempt) ? 1 : 0;
            }
        }

        return held;
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
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First();
        return $"{most.Key}{(most.Count() < failed ? $" ({most.Count()} times)" : "")}";
    }
}
