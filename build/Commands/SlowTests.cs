using System.Text.Json;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// Which tests of a program took longest, by the report that it writes (CTRF, https://ctrf.io/docs/specification/overview).
/// </summary>
internal static class SlowTests
{
    private const int Told = 3;

    // What is shorter is worth nobody's time.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(20);

    /// <summary>Arguments by which a test program writes its report into a folder.</summary>
    public static IReadOnlyList<string> Arguments(string folder, string project) =>
        ["--results-directory", folder, "--report-ctrf", "--report-ctrf-filename", $"{project}.ctrf.json"];

    /// <summary>The longest, with their durations; empty where there is no such report, or none took long.</summary>
    /// <param name="folder">The reports' folder.</param>
    /// <param name="project">The test program.</param>
    public static string Of(string folder, string project)
    {
        var file = Path.Combine(folder, $"{project}.ctrf.json");
        if (!File.Exists(file))
        {
            return "";
        }

        try
        {
            using var report = JsonDocument.Parse(File.ReadAllBytes(file));
            return string.Join(", ", report.RootElement.GetProperty("results").GetProperty("tests").EnumerateArray()
                .Select(test => (Name: test.GetProperty("name").GetString() ?? "",
                    Took: TimeSpan.FromMilliseconds(test.GetProperty("duration").GetDouble())))
                .Where(test => test.Took >= Least).OrderByDescending(test => test.Took).Take(Told)
                .Select(test => $"{test.Name} {SummaryTable.Duration(test.Took)}"));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A program that was killed in mid-write; what became of its tests is told by its exit code.
            return "";
        }
    }
}
