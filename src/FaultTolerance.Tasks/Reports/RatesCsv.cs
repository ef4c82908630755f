using FaultTolerance.Results;
using FaultTolerance.Results.Rates;

namespace FaultTolerance.Reports;

/// <summary><c>rates.csv</c>: a line a step of a search for the highest rate, in the order in which they were tried.</summary>
internal static class RatesCsv
{
    /// <summary>The file's name.</summary>
    public const string FileName = "rates.csv";

    private static readonly string[] Headers =
    [
        "scenario", "step", "rate", "fate", "requests", "good", "goodput", "goodput_low", "goodput_high", "request_throughput",
        "latency_p50", "latency_p99", "ttft_p50", "ttft_p99", "itl_p50", "itl_p99",
    ];

    /// <summary>Writes the file; one that is there goes where no row searched.</summary>
    /// <returns>Whether there is a file.</returns>
    public static bool Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        var steps = run.Scenarios.SelectMany(row => (row.Rates?.Steps ?? []).Select(step => (row, step))).ToList();
        if (steps.Count == 0)
        {
            File.Delete(path);
            return false;
        }

        CsvFile.Write(path, Headers, csv =>
        {
            foreach (var (row, step) in steps)
            {
                csv.WriteField(row.Name);
                csv.WriteNumber(step.Told.Step);
                csv.WriteNumber(step.Rate);
                csv.WriteField(step.Fate.ToString());
                csv.WriteNumber(step.Requests);
                csv.WriteNumber(step.Good);
                foreach (var (_, value) in Figures(step))
                {
                    csv.WriteNumber(value);
                }

                csv.EndRecord();
            }
        });
        return true;
    }

    /// <summary>A step's figures by their keys, in their order; seconds, shares and rates.</summary>
    public static IEnumerable<(string Key, double? Value)> Figures(RateStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var told = step.Told;
        return
        [
            ("goodput", step.Goodput), ("goodput_low", step.Interval.Low), ("goodput_high", step.Interval.High),
            ("request_throughput", told.Throughput), ("latency_p50", told.LatencyP50), ("latency_p99", told.LatencyP99),
            ("ttft_p50", told.TtftP50), ("ttft_p99", told.TtftP99), ("itl_p50", told.ItlP50), ("itl_p99", told.ItlP99),
        ];
    }
}
