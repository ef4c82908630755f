using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Reporting;

/// <summary>How a target ended.</summary>
internal enum TargetStatus
{
    NotRun,
    Succeeded,
    Failed,
    Skipped,
    Aborted,
}

/// <summary>One row of the closing table.</summary>
/// <param name="Name">The target.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Duration">How long it took; null where that means nothing.</param>
/// <param name="Remark">What stands behind the row, as <c>Key: value</c>.</param>
internal sealed record SummaryRow(string Name, TargetStatus Status, TimeSpan? Duration = null, string? Remark = null);

/// <summary>NUKE's closing table.</summary>
internal static class SummaryTable
{
    /// <summary>Box of errors and warnings, if there are any.</summary>
    public static void WriteProblems(FrontConsole console, IReadOnlyList<RunProblem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        console.Box("Errors & Warnings");
        foreach (var (isError, origin, error) in problems)
        {
            var colour = isError ? "31;1" : "33;1";
            var text = ForeignText.Line((error.Code.Length > 0 ? error.Code + ": " : "") + Place(error) + error.Message);
            console.Raw($"[{console.Paint(isError ? "ERR" : "WRN", colour)}] {ForeignText.Line(origin)}{(origin.Length > 0 ? ": " : "")}"
                + console.Paint(text, colour));
        }
    }

    /// <summary>The table, the total, and the closing line.</summary>
    public static void Write(FrontConsole console, IReadOnlyList<SummaryRow> rows, TimeSpan total, int exitCode)
    {
        var first = Math.Max(rows.Select(r => r.Name.Length).DefaultIfEmpty().Max() + 4, 19);
        var width = first + 20;
        console.Raw("");
        console.Raw(console.Paint(new string('═', width), "1"));
        console.Raw(console.Paint("Target".PadRight(first) + "Status".PadRight(10) + "Duration".PadLeft(10), "1"));
        console.Raw(console.Paint(new string('─', width), "1"));
        foreach (var row in rows)
        {
            var line = row.Name.PadRight(first) + row.Status.ToString().PadRight(10)
                + (row.Duration is { } d ? Duration(d) : "").PadLeft(10)
                + (row.Remark is null ? "" : "   // " + row.Remark);
            console.Raw(console.Paint(line.TrimEnd(), row.Status switch
            {
                TargetStatus.Succeeded => "32",
                TargetStatus.Failed => "31;1",
                TargetStatus.Aborted => "33;1",
                _ => "90",
            }));
        }

        console.Raw(console.Paint(new string('─', width), "1"));
        console.Raw(console.Paint("Total".PadRight(first + 10) + Duration(total).PadLeft(10), "1"));
        console.Raw(console.Paint(new string('═', width), "1"));
        console.Raw("");
        var at = console.Time.GetLocalNow();
        console.Raw(exitCode == 0
            ? console.Paint($"Build succeeded on {at:yyyy-MM-dd HH:mm:ss}.", "32;1")
            : console.Paint($"Build failed on {at:yyyy-MM-dd HH:mm:ss} (exit code {exitCode}).", "31;1"));
    }

    // As compilers write it, so that editors and terminals make it a link.
    private static string Place(FrontError error) => error.File is null || error.Line == 0 ? "" : $"{error.File}:{error.Line}: ";

    /// <summary><c>m:ss</c>, or <c>&lt; 1sec</c>.</summary>
    public static string Duration(TimeSpan duration) =>
        duration < TimeSpan.FromSeconds(1) ? "< 1sec" : $"{(int)duration.TotalMinutes}:{duration.Seconds:00}";
}
