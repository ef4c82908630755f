using FaultTolerance.Faults.Words;
using FaultTolerance.Reports.Page;
using FaultTolerance.Reports.Pipelines;
using FaultTolerance.Results;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Reports;

/// <summary>Writes the files that a run's result is read from. The same result gives the same bytes.</summary>
internal static class ReportWriter
{
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
        var files = new List<string>();
        string At(string name)
        {
            files.Add(Path.Combine(folder, name));
            return files[^1];
        }

        AtomicFile.WriteText(At("summary.txt"), SummaryText.Write(run) + VerdictText.Write(run));
        AtomicFile.WriteText(At("summary.md"), SummaryMarkdown.Write(run) + VerdictText.Write(run, markdown: true));
        SummaryCsv.Write(run, At("summary.csv"));
        SummaryJson.Write(run, At("summary.json"));
        if (TrialsCsv.Write(run, Path.Combine(folder, TrialsCsv.FileName)))
        {
            files.Add(Path.Combine(folder, TrialsCsv.FileName));
        }

        if (FaultsCsv.Write(run, Path.Combine(folder, FaultsCsv.FileName)))
        {
            files.Add(Path.Combine(folder, FaultsCsv.FileName));
        }

        if (ContinuityCsv.Write(run, Path.Combine(folder, ContinuityCsv.FileName)))
        {
            files.Add(Path.Combine(folder, ContinuityCsv.FileName));
        }

        if (RatesCsv.Write(run, Path.Combine(folder, RatesCsv.FileName)))
        {
            files.Add(Path.Combine(folder, RatesCsv.FileName));
        }

        if (VantageCsv.Write(run, Path.Combine(folder, VantageCsv.FileName)))
        {
            files.Add(Path.Combine(folder, VantageCsv.FileName));
        }

        var page = "";
        // Both go through each of what may be a million requests.
        SideBySide.Do(() => page = PageWriter.Text(run, words), () => RequestsCsv.Write(run, At("requests.csv")));
        AtomicFile.Write(At(JUnitXml.FileName), stream => stream.Write(JUnitXml.Write(run, strict)));
        AtomicFile.WriteText(At(StepSummary.FileName), StepSummary.Write(run));
        AtomicFile.WriteText(At(PageWriter.FileName), page);
        return files;
    }
}
