using FaultTolerance.Results.Checks;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Results;

namespace FaultTolerance.Tests.Tasks;

public sealed class VerdictTaskTests
{
    private const string Row = "agg-tp-1-dp-1-frontend";
    private const string Fails = """{"kind":"outageAtMost","atMost":1}""";
    private const string Passes = """{"kind":"outageAtMost","atMost":9}""";
    private const string Untold = """{"kind":"recoveryAtMost","subject":"engine_initialised","atMost":9}""";

    [Theory]
    [InlineData(Fails, false, false, "")]
    [InlineData(Fails, true, false, "FT0820")]
    [InlineData(Passes, true, true, "")]
    [InlineData(Untold, true, false, "")]
    [InlineData(Untold, true, true, "FT0820")]
    [InlineData("", true, false, "")]
    [InlineData("", true, true, "FT0821")]
    public void ParseResults_fails_on_a_check_only_where_a_gate_is_asked_for(string check, bool gate, bool strict, string code)
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Row);
        folder.Write(Row, "Frontend/g-frontend-x1.log", "started");
        if (check.Length > 0)
        {
            File.WriteAllText(Path.Combine(folder.Path, CheckFile.Name), $$"""{"{{Row}}":[{{check}}]}""");
        }

        var engine = new RecordingEngine();
        using var task = new ParseResults { BuildEngine = engine, Results = folder.Path, Gate = gate, Strict = strict };

        Assert.Equal(code.Length == 0, task.Execute());
        Assert.Equal(code, engine.Lines.Count == 0 ? "" : engine.Lines[0].Split(' ', ':')[1]);
    }

    [Fact]
    public void WriteReport_makes_the_page_of_ParseResults_again_to_the_byte()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Row);
        File.WriteAllText(Path.Combine(folder.Path, CheckFile.Name), $$"""{"{{Row}}":[{{Fails}}]}""");
        using var parse = new ParseResults { BuildEngine = new RecordingEngine(), Results = folder.Path };
        parse.Execute();
        var page = Path.Combine(folder.Path, "report.html");
        var first = File.ReadAllBytes(page);
        File.Delete(page);
        using var report = new WriteReport { BuildEngine = new RecordingEngine(), Results = folder.Path };

        Assert.True(report.Execute());

        Assert.Equal(first, File.ReadAllBytes(page));
    }

    [Fact]
    public void CompareRuns_of_one_run_says_what_it_needs()
    {
        var engine = new RecordingEngine();
        using var task = new CompareRuns { BuildEngine = engine, Results = Path.GetTempPath(), Runs = ["a"] };

        Assert.False(task.Execute());

        Assert.StartsWith("error FT0109: Compare needs two runs", Assert.Single(engine.Lines), StringComparison.Ordinal);
    }
}
