using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts.AiPerf;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Results.Legacy;

namespace FaultTolerance.Results;

/// <summary>
/// What AIPerf's summaries tell of a row: counts and percentiles of every attempt. What they do not tell is N/A, with the reason.
/// </summary>
internal static class AiPerfRow
{
    private const string Latency = "request_latency";

    /// <summary>Requests of all attempts together; null where a summary does not tell.</summary>
    public static RequestBooks? Books(ImmutableArray<AiPerfRun> runs) =>
        runs.Length > 0 && runs.All(run => run is { Succeeded: not null, Failed: not null })
            && (runs.Sum(run => run.Succeeded!.Value), runs.Sum(run => run.Failed!.Value)) is var (succeeded, failed)
            ? new RequestBooks(null, succeeded + failed, 0, succeeded, failed, succeeded + failed) : null;

    /// <summary>A baseline's columns, which need no instant of a fault; those of any other row stay N/A.</summary>
    public static LegacyRow Filled(LegacyRow row, ImmutableArray<AiPerfRun> runs)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Failure != "none" || Books(runs) is not { } books)
        {
            return row;
        }

        var means = runs.Select(run => (Count: run.Succeeded ?? 0, Mean: Seconds(run, "avg")))
            .Where(run => run is { Count: > 0, Mean: not null }).ToArray();
        var count = means.Sum(run => run.Count);
        return row with
        {
            SuccessBefore = books.Succeeded,
            FailedBefore = books.Failed,
            LatencyBefore = count == books.Succeeded && count > 0 ? means.Sum(run => run.Count * run.Mean!.Value) / count : null,
        };
    }

    /// <summary>A sentence for each thing that a reader must know.</summary>
    public static IEnumerable<string> Notes(ImmutableArray<AiPerfRun> runs, bool hasRequests)
    {
        if (runs.IsEmpty)
        {
            yield break;
        }

        if (!hasRequests)
        {
            yield return $"AIPerf's summaries hold no single request ({AiPerfReader.Requests} is "
                + $"missing{(runs.Any(run => run.HasRequests) ? " in some attempts" : "")}): "
                + "what came before the fault and what after, outage and lost requests are N/A";
        }

        foreach (var client in runs.GroupBy(run => run.Client).Where(client => client.Count() > 1))
        {
            var tries = string.Join(", ", client.Select(Words));
            yield return string.Create(
                CultureInfo.InvariantCulture, $"client {client.Key} tried its load {client.Count()} times: {tries}; all attempts count");
        }
    }

    /// <summary>What cannot be read, and what lies there twice.</summary>
    public static IEnumerable<Diagnostic> Findings(string folder, ImmutableArray<AiPerfRun> runs, ImmutableArray<ClientLog> clients)
    {
        foreach (var run in runs.Where(run => run.Trouble is not null))
        {
            yield return new Diagnostic(ParseCodes.Unreadable, Severity.Warning, run.Trouble!) { File = run.Folder };
        }

        if (runs.Length > 0 && !clients.IsEmpty && Directory.GetFiles(folder, "client_*.log.txt").Length > 0)
        {
            yield return new Diagnostic(
                ParseCodes.MissingPart,
                Severity.Warning,
                "there are client logs and folders of AIPerf; "
                    + $"{(runs.All(run => run.HasRequests) ? "AIPerf's requests" : "the client logs")} are counted")
            {
                File = folder,
            };
        }
    }

    private static string Words(AiPerfRun run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.Succeeded?.ToString(CultureInfo.InvariantCulture) ?? "N/A"} succeeded and "
            + $"{run.Failed?.ToString(CultureInfo.InvariantCulture) ?? "N/A"} failed in attempt {run.Attempt}");

    private static double? Seconds(AiPerfRun run, string value)
    {
        var metric = run.Metrics.FirstOrDefault(m => m.Name == Latency);
        double? number = metric is null || metric.Values.All(v => v.Name != value) ? null : metric.Values.First(v => v.Name == value).Value;
        return metric?.Unit switch { "ms" => number / 1000, "s" or "sec" => number, "us" => number / 1e6, "ns" => number / 1e9, _ => null };
    }
}
