using System.Text;
using FaultTolerance.Faults.Words;
using FaultTolerance.Reports.Page.Figure;
using FaultTolerance.Reports.Page.Sections;
using FaultTolerance.Results;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports.Page;

/// <summary>
/// <c>report.html</c>: the run as one page that needs no script and loads nothing. Links lead to the artefacts beside it. The same
/// result gives the same bytes.
/// </summary>
internal static class PageWriter
{
    /// <summary>The file's name.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="run">The result.</param>
    /// <param name="folder">Where to, as a rule the run's folder, since links are relative to it; it must exist.</param>
    /// <param name="words">What the kinds of fault say of themselves.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="FaultMatrixException">FT0712 where it cannot be written.</exception>
    public static string Write(RunResult run, string folder, FaultWordbook words)
    {
        ArgumentNullException.ThrowIfNull(run);
        var path = Path.Combine(folder, FileName);
        AtomicFile.WriteText(path, Text(run, words));
        return path;
    }

    /// <summary>The page.</summary>
    /// <param name="run">The result.</param>
    /// <param name="words">What the kinds of fault say of themselves.</param>
    public static string Text(RunResult run, FaultWordbook words)
    {
        ArgumentNullException.ThrowIfNull(run);
        var groups = RowTrials.Of(run.Scenarios).GroupBy(row => row.Group, StringComparer.Ordinal).ToList();
        var text = new StringBuilder(Markup.Of($"""
            {Shell.Open($"Fault matrix {run.Id}")}
            <a class="skip" href="#matrix">To the matrix</a>
            {ScenarioFigure.Definitions}<header>
            {Headline.Draw(run)}</header><main>
            <div id="matrix">{MatrixTable.Draw(run)}</div>

            """).Value);
        foreach (var group in groups)
        {
            text.Append(Markup.Of($"<h2>{group.Key}</h2>\n").Value);
            foreach (var row in group)
            {
                text.Append(ScenarioSection.Draw(run, row, words).Value);
            }
        }

        return text.Append(Markup.Of($"""
            </main><footer><p class="soft">Times are seconds from the fault's order, on one clock for clients, injector and cluster. Made from the artefacts in this folder; <code>./build.sh Report</code> makes it again.</p></footer></body></html>

            """).Value).ToString();
    }
}
