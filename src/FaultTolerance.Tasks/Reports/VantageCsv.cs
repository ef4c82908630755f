using CsvHelper;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports;

/// <summary><c>vantage.csv</c>: a line a figure of rows whose load comes from both vantage points.</summary>
internal static class VantageCsv
{
    /// <summary>The file's name.</summary>
    public const string FileName = "vantage.csv";

    private static readonly string[] Headers =
        ["scenario", "trial", "part", "measure", "unit", "cluster", "cluster_is", "here", "here_is", "difference"];

    /// <summary>Writes the file; one that is there goes where no load came from both.</summary>
    /// <returns>Whether there is a file.</returns>
    public static bool Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        var rows = run.Scenarios.Where(row => row.Vantage is not null).ToList();
        if (rows.Count == 0)
        {
            File.Delete(path);
            return false;
        }

        CsvFile.Write(path, Headers, csv =>
        {
            foreach (var (row, figure) in rows.SelectMany(row => row.Vantage!.Figures.Select(figure => (row, figure))))
            {
                csv.WriteField(row.Name);
                csv.WriteNumber(row.Trial);
                csv.WriteField(figure.Part);
                csv.WriteField(figure.Name);
                csv.WriteField(figure.Unit.ToString());
                Value(csv, figure.Cluster);
                Value(csv, figure.Here);
                csv.WriteNumber(figure.Difference);
                csv.EndRecord();
            }
        });
        return true;
    }

    private static void Value(CsvWriter csv, Measured value)
    {
        csv.WriteNumber(value.Kind is MeasuredKind.Value or MeasuredKind.Censored ? value.Seconds : null);
        csv.WriteField(value.Kind.ToString());
    }
}
