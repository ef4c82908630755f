using FaultTolerance.Faults.Words;
using FaultTolerance.Reports.Page;
using FaultTolerance.Reports.Pipelines;
using FaultTolerance.Results;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Reports;

/// <summary>Writes the files that a run's result is read from. The same result gives the same bytes.</summary>
internal static class ReportWriter
{
    // Each says whether the run has anything for it, and writes nothing otherwise.
    private static readonly (string Name, Func<RunResult, string, bool> Write)[] WhereTheyApply =
    [
        (TrialsCsv.FileName, TrialsCsv.Write),
        (FaultsCsv.FileName, FaultsCsv.Write),
        (ContinuityCsv.FileName, ContinuityCsv.Write),
        (RatesCsv.FileName, RatesCsv.Write),
        (VantageCsv.FileName, VantageCsv.Write),
    ];

    /// <summary>
    /// Writes <c>summary.txt</c>, <c>.md</c>, <c>.csv</c>, <c>.json</c>, <c>.github.md</c>, <c>requests.csv</c>, <c>junit.xml</c> and
    /// <c>report.html</c>, each whole or not at all; <c>trials.csv</c> where rows were repeated, <c>faults.csv</c> where a row has several
    /// faults, <c>continuity.csv</c> where streams were compared, <c>rates.csv</c> where a row looked for the highest rate,
    /// <c>vantage.csv</c> where a load came from both vantage points.
    /// </summary>
    /// <param name="run">The result.</param>
    /// <param name="folder">Where to; it must exist.</param>
    /// <param name="words">What the kinds of fault say of themselves.</param>
    /// <param name="strict">Whether junit.xml counts unknown checks as failed.</param>
    /// <returns>The files' paths.</returns>
    /// <exception cref="FaultMatrixException">FT0712 where a file cannot be written.</exception>
    public static IReadOnlyList<string> WriteAll(RunResult run, string folder, FaultWordbook words, bool strict = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var growing = NoBackgroundCollection.Begin();
        string At(string name) => Path.Combine(folder, name);
        List<string> files = [];
        // The one that has a row for each of what may be a million attempts takes about as long as all others.
        SideBySide.Do(() => RequestsCsv.Write(run, At("requests.csv")), () => files = Others(run, At, words, strict));
        return [.. files, At("requests.csv")];
    }

    private static List<string> Others(RunResult run, Func<string, string> at, FaultWordbook words, bool strict)
    {
        var files = new List<string>();
        string Next(string name)
        {
            files.Add(at(name));
            return files[^1];
        }

        AtomicFile.WriteText(Next("summary.txt"), SummaryText.Write(run) + VerdictText.Write(run));
        AtomicFile.WriteText(Next("summary.md"), SummaryMarkdown.Write(run) + VerdictText.Write(run, markdown: true));
        SummaryCsv.Write(run, Next("summary.csv"));
        SummaryJson.Write(run, Next("summary.json"));
        foreach (var (name, write) in WhereTheyApply)
        {
            if (write(run, at(name)))
            {
                files.Add(at(name));
            }
        }

        AtomicFile.Write(Next(JUnitXml.FileName), stream => stream.Write(JUnitXml.Write(run, strict)));
        AtomicFile.WriteText(Next(StepSummary.FileName), StepSummary.Write(run));
        AtomicFile.WriteText(Next(PageWriter.FileName), PageWriter.Text(run, words));
        return files;
    }
}
