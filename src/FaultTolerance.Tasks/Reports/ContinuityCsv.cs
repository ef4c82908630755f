using CsvHelper;
using FaultTolerance.Results;
using FaultTolerance.Results.Continuity;

namespace FaultTolerance.Reports;

/// <summary><c>continuity.csv</c>: a line a stream that was compared, of rows whose loads ask for <c>continuity</c>.</summary>
internal static class ContinuityCsv
{
    /// <summary>The file's name.</summary>
    public const string FileName = "continuity.csv";

    private static readonly string[] Headers =
    [
        "scenario", "client", "request", "attempt", "first_token", "ended", "outcome", "fate", "open_at_fault", "went_on", "counted_in",
        "lost", "doubled", "added", "changed", "pause_seconds", "pause_after",
    ];

    /// <summary>Writes the file; one that is there goes where no row compared its streams.</summary>
    /// <returns>Whether there is a file.</returns>
    public static bool Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        var rows = run.Scenarios.Where(row => row.Continuity is not null).ToList();
        if (rows.Count == 0)
        {
            File.Delete(path);
            return false;
        }

        CsvFile.Write(path, Headers, csv =>
        {
            foreach (var (row, stream) in rows.SelectMany(row => row.Continuity!.Streams.Select(stream => (row, stream))))
            {
                One(csv, row, stream);
                csv.EndRecord();
            }
        });
        return true;
    }

    private static void One(CsvWriter csv, ScenarioResult row, StreamCheck stream)
    {
        var attempt = stream.Attempt;
        var differs = stream.Fate == StreamFate.Differs;
        csv.WriteField(row.Name);
        csv.WriteField(attempt.Client);
        csv.WriteField(attempt.Request);
        csv.WriteField(attempt.Index);
        csv.WriteField(CsvFile.Instant(attempt.FirstToken));
        csv.WriteField(CsvFile.Instant(attempt.Ended));
        csv.WriteField(attempt.Outcome.ToString());
        csv.WriteField(stream.Fate.ToString());
        csv.WriteField(stream.WasOpen ? "true" : "false");
        csv.WriteField(!stream.WasOpen ? "" : stream.WentOn ? "true" : "false");
        csv.WriteField(!differs ? "" : stream.ByTokens ? "tokens" : "characters");
        csv.WriteNumber(differs ? stream.Difference.Lost : null);
        csv.WriteNumber(differs ? stream.Difference.Doubled : null);
        csv.WriteNumber(differs ? stream.Difference.Added : null);
        csv.WriteNumber(differs ? stream.Difference.Changed : null);
        csv.WriteNumber(attempt.InterTokenMax > 0 ? Math.Round(attempt.InterTokenMax, 6) : null);
        csv.WriteNumber(attempt.InterTokenMax > 0 ? stream.PauseAfter : null);
    }
}
