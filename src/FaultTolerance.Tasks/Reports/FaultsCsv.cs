using CsvHelper;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Reports;

/// <summary>
/// <c>faults.csv</c>: a line a fault of the rows that have more than one, with its window, its proof and its verdict.
/// </summary>
internal static class FaultsCsv
{
    /// <summary>The file's name.</summary>
    public const string FileName = "faults.csv";

    private static readonly string[] Own =
    [
        "scenario", "trial", "fault", "kind", "service", "targets", "ordered_at", "landed_at", "ended_at", "until", "lasts", "verdict",
        "lost_requests", "under_way", "open", "proof", "undone", "doubt",
    ];

    /// <summary>Writes the file; one that is there goes where no row has more than one fault.</summary>
    /// <returns>Whether there is a file.</returns>
    public static bool Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        var rows = run.Scenarios.Where(row => row.Faults.Length > 1).ToList();
        if (rows.Count == 0)
        {
            File.Delete(path);
            return false;
        }

        var measures = run.Measures.Recovery;
        CsvFile.Write(path, [.. Own, .. measures.SelectMany(Names)], csv =>
        {
            foreach (var (row, fault) in rows.SelectMany(row => row.Faults.Select(fault => (row, fault))))
            {
                One(csv, row, fault);
                foreach (var measure in measures)
                {
                    var value = fault.Recovered(measure.Id);
                    csv.WriteNumber(value is { Kind: MeasuredKind.Value or MeasuredKind.Censored } known ? known.Seconds : null);
                    csv.WriteField(value?.Kind.ToString() ?? "");
                    csv.WriteField(value?.Event ?? "");
                }

                csv.EndRecord();
            }
        });
        return true;
    }

    private static IEnumerable<string> Names(RecoveryDefinition measure) => [measure.Csv(), $"{measure.Id}_is", $"{measure.Id}_event"];

    private static void One(CsvWriter csv, ScenarioResult row, FaultVerdict fault)
    {
        csv.WriteField(row.Name);
        csv.WriteNumber(row.Trial);
        csv.WriteField(fault.Id);
        csv.WriteField(fault.Kind ?? "");
        csv.WriteField(fault.Service ?? "");
        csv.WriteField(string.Join("; ", fault.Targets));
        csv.WriteField(CsvFile.Instant(fault.Ordered));
        csv.WriteField(CsvFile.Instant(fault.Landed ?? 0));
        csv.WriteField(CsvFile.Instant(fault.Ended ?? 0));
        csv.WriteField(CsvFile.Instant(fault.Until ?? 0));
        csv.WriteField(fault.Lasts ? "true" : "false");
        csv.WriteField(fault.Outcome.ToString());
        csv.WriteNumber(fault.Lost);
        csv.WriteNumber(fault.UnderWay);
        csv.WriteField(string.Join("; ", fault.Open));
        csv.WriteField(string.Join("; ", fault.Proofs));
        csv.WriteField(string.Join("; ", fault.Undone));
        csv.WriteField(fault.Doubt ?? "");
    }
}
