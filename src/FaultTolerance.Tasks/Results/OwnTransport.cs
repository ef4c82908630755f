using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results;

/// <summary>
/// Judges the tool's own way to the frontends: the port-forward, the API server behind it, the kubelet behind that. Requests that failed on
/// it
/// are in none of the service's figures; too many of them, and the figures are of a service that was hardly asked.
/// </summary>
internal static class OwnTransport
{
    /// <summary>Share of the sent requests above which a row is not to be trusted.</summary>
    public const double MostShare = 0.01;

    /// <summary>One finding where any request failed on our own way: an error above the share, a warning below.</summary>
    public static IEnumerable<Diagnostic> Check(string folder, ImmutableArray<ClientLog> clients, RequestBooks books)
    {
        var failed = books.Became.Where(pair => pair.Outcome == Outcome.Transport).Sum(pair => pair.Count);
        if (failed == 0)
        {
            yield break;
        }

        var why = clients.SelectMany(client => client.Attempts).Where(attempt => attempt is { IsLast: true, Outcome: Outcome.Transport })
            .GroupBy(attempt => attempt.Error ?? "no reason was recorded", StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First();
        yield return new Diagnostic(
            ParseCodes.OwnTransport,
            failed > MostShare * books.Sent ? Severity.Error : Severity.Warning,
            $"{failed} of {books.Sent} requests failed on our own way to the frontends (port-forward, API server, kubelet), not on the service, and are in none "
            + $"of its figures: {why.Key}{(why.Count() < failed ? $" ({why.Count()} times)" : "")}")
        { File = folder };
    }
}
