using FaultTolerance.Tasks;

namespace FaultTolerance.Tests.Tasks;

public sealed class RunLookupTests : IDisposable
{
    private readonly string _results = Directory.CreateTempSubdirectory("lookup-").FullName;
    private readonly RecordingEngine _engine = new();

    public void Dispose() => Directory.Delete(_results, recursive: true);

    [Theory]
    [InlineData("r9")]
    [InlineData("")]
    public void Parse_and_Report_of_a_run_that_is_not_there_are_a_users_mistake(string run)
    {
        using var parse = new ParseResults { BuildEngine = _engine, Results = _results, Run = run };
        using var report = new WriteReport { BuildEngine = _engine, Results = Path.Combine(_results, "no"), Run = run };

        Assert.False(parse.Execute());
        Assert.False(report.Execute());

        Assert.Equal(2, _engine.Lines.Count);
        Assert.All(_engine.Lines, line => Assert.StartsWith("error FT0122: There is no run ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_of_a_run_that_is_not_there_is_a_users_mistake()
    {
        using var task = new CompareRuns { BuildEngine = _engine, Results = _results, Runs = ["a", "b"] };

        Assert.False(task.Execute());

        Assert.StartsWith("error FT0122: There is no run 'a' in ", Assert.Single(_engine.Lines), StringComparison.Ordinal);
    }
}
