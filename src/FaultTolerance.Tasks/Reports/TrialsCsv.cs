using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports;

/// <summary>
/// <c>trials.csv</c>: a line a row and measure with the median over its trials, the interval, the least and the greatest.
/// </summary>
internal static class TrialsCsv
{
    /// <summary>The file's name.</summary>
    public const string FileName = "trials.csv";

    /// <summary>Writes the file; one that is there goes where no row was tried more than once.</summary>
    /// <returns>Whether there is a file.</returns>
    public static bool Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        var rows = RowTrials.Of(run.Scenarios).Where(row => row.Repeated).ToList();
        if (rows.Count == 0)
        {
            File.Delete(path);
            return false;
        }

        CsvFile.Write(path, ["scenario", "trials", "measured", "measure", "known", "median", "median_is", "low", "high", "least", "greatest", "greatest_is_bound"], csv =>
        {
            foreach (var (row, measure, spread) in rows
                .SelectMany(row => Spreads(run.Measures, row).Select(one => (row, one.Measure, one.Spread))))
            {
                csv.WriteField(row.Name);
                csv.WriteNumber(row.All.Length);
                csv.WriteNumber(row.All.Count(RowTrials.IsSound));
                csv.WriteField(measure);
                csv.WriteNumber(spread.Values.Length);
                csv.WriteNumber(spread.Median.Seconds);
                csv.WriteField(spread.Median.Kind.ToString());
                csv.WriteNumber(spread.Interval?.Low);
                csv.WriteNumber(spread.Interval?.High);
                csv.WriteNumber(spread.Least);
                csv.WriteNumber(spread.Greatest);
                csv.WriteField(spread.GreatestIsBound ? "true" : "false");
                csv.EndRecord();
            }
        });
        return true;
    }

    // Counts are spreads too, of requests in place of seconds.
    private static IEnumerable<(string Measure, Spread Spread)> Spreads(MeasureCatalog measures, RowTrials row) =>
        measures.Recovery.Select(measure => (measure.Id, Spread: row.Spread(measure)))
            .Concat(measures.Numbers.Select(measure => (measure.Id, Spread: row.Spread(measure))))
            .Append((DamageMeasures.LostRequests.Id, Spread: row.Lost))
            .Where(one => one.Spread is not null).Select(one => (one.Id, one.Spread!));
}
