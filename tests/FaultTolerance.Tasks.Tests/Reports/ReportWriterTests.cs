using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Tests.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Reports;

public sealed class ReportWriterTests
{
    [Theory]
    [InlineData("agg-tp-1-dp-1")]
    [InlineData("disagg-tp-1-dp-2")]
    public void SummaryText_frames_a_group_as_the_reference_suite(string group)
    {
        var run = Run(group, RowState.Unverified);

        Assert.Equal($"\n{PublishedTables.Text(group)}\n{new string('=', 80)}\n", SummaryText.Write(run));
    }

    [Fact]
    public void SummaryText_marks_stand_ins_and_rows_that_are_not_measured()
    {
        var run = Run("agg-tp-1-dp-1", RowState.Unproven) with { StandIn = true };
        run = run with { Scenarios = [run.Scenarios[0] with { Notes = ["no process matched"] }, .. run.Scenarios[1..]] };

        var text = SummaryText.Write(run);

        Assert.StartsWith("Results of stand-in processes, not of the product.\n\nTest Group:", text, StringComparison.Ordinal);
        Assert.Contains("╛\nNote: none (unproven): no process matched\nNote: frontend (unproven)\n", text, StringComparison.Ordinal);
        Assert.Contains("> Results of stand-in processes", SummaryMarkdown.Write(run), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteAll_writes_eight_files_and_nothing_else()
    {
        using var folder = Sample();
        using var target = new ArtefactFolder();

        ReportWriter.WriteAll(folder.Parse(), target.Path, FaultKinds.Standard.Words);

        Assert.Equal(
            ["junit.xml", "report.html", "requests.csv", "summary.csv", "summary.github.md", "summary.json", "summary.md", "summary.txt"],
            Directory.GetFiles(target.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var requests = File.ReadAllLines(Path.Combine(target.Path, "requests.csv"));
        Assert.Equal(4, requests.Length);
        Assert.StartsWith("agg-tp-1-dp-1-decode_worker,0,0,0,before,2026-01-02T03:04:10.0000000Z,", requests[1], StringComparison.Ordinal);
        Assert.EndsWith(",stopped", requests[3], StringComparison.Ordinal);
        var summary = File.ReadAllLines(Path.Combine(target.Path, "summary.csv"));
        Assert.StartsWith("group,failure,scenario,state,stand_in,startup_seconds,", summary[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "agg-tp-1-dp-1,decode_worker,agg-tp-1-dp-1-decode_worker,Measured,false,180,1,0,0,1,1,,,,,3,2,1,1,1,2,",
            summary[1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WriteAll_is_the_same_wherever_the_run_lies()
    {
        using var one = Sample();
        using var other = Sample();

        ReportWriter.WriteAll(one.Parse(), one.Path, FaultKinds.Standard.Words);
        ReportWriter.WriteAll(other.Parse(), other.Path, FaultKinds.Standard.Words);

        Assert.All(Directory.GetFiles(one.Path), file =>
            Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(other.Path, Path.GetFileName(file))))
        );
    }

    [Fact]
    public void WriteAll_into_a_folder_that_is_not_there_is_a_clear_error()
    {
        using var folder = Sample();

        var error = Assert.Throws<FaultMatrixException>(() =>
            ReportWriter.WriteAll(folder.Parse(), Path.Combine(folder.Path, "nowhere"), FaultKinds.Standard.Words)
        );

        Assert.Equal("FT0712", error.Code);
    }

    [Fact]
    public void RequestsCsv_text_that_looks_like_a_formula_is_defused()
    {
        using var folder = Sample();
        folder.Write(
            "agg-tp-1-dp-1-none",
            "client_0.log.txt",
            LegacyLine(1, 1, false).Replace("Connection refused", "=1+1", StringComparison.Ordinal)
        );

        ReportWriter.WriteAll(folder.Parse(), folder.Path, FaultKinds.Standard.Words);

        Assert.Contains(",\"'=1+1\"", File.ReadAllText(Path.Combine(folder.Path, "requests.csv")), StringComparison.Ordinal);
    }

    private static ArtefactFolder Sample()
    {
        var folder = new ArtefactFolder();
        const string Scenario = "agg-tp-1-dp-1-decode_worker";
        folder.TestLog(Scenario, fault: 10);
        folder.Write(Scenario, "client_0.log.txt", Line(0, 5, 1, "Ok"), Line(1, 9.5, 1, "ResetMidStream"), NotSent(2, 20));
        folder.Write(
            Scenario,
            "timeline.jsonl",
            $$"""{"at":"{{Utc(0)}}","event":"load.started","planned":3}""",
            $$"""{"at":"{{Utc(10)}}","event":"fault.landed","id":"f1","kind":"killProcess"}"""
        );
        return folder;
    }

    private static RunResult Run(string group, RowState state) =>
        new()
        {
            Folder = "/run",
            Scenarios =
            [
                .. PublishedTables
                    .Rows(group)
                    .Select(row => new ScenarioResult
                    {
                        Name = $"{group}-{row.Failure}",
                        Group = group,
                        Folder = "/run/x",
                        Row = row,
                        State = state,
                        Books = new RequestBooks(null, 0, 0, 0, 0, 0),
                    }),
            ],
        };
}
