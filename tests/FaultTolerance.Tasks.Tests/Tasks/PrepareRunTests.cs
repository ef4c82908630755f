using FaultTolerance.Results.Measures;
using FaultTolerance.Runs;
using FaultTolerance.Tasks;

namespace FaultTolerance.Tests.Tasks;

public sealed class PrepareRunTests : IDisposable
{
    private readonly string _results = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Run_of_another_version_of_the_definitions_is_not_gone_on_with(bool isNew, bool goesOn)
    {
        Make("older", DefinitionsVersion.Current - 1);
        var engine = new RecordingEngine();
        using var task = new PrepareRun { BuildEngine = engine, Results = _results, Run = "older", New = isNew, Continue = goesOn };

        Assert.False(task.Execute());
        var line = Assert.Single(engine.Lines);
        Assert.Contains("FT0815", line, StringComparison.Ordinal);
        Assert.Contains($"version {DefinitionsVersion.Current - 1}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_of_this_version_is_gone_on_with()
    {
        Make("mine", DefinitionsVersion.Current);
        using var task = new PrepareRun { BuildEngine = new RecordingEngine(), Results = _results, Run = "mine" };

        Assert.True(task.Execute());
        Assert.Equal(Path.Combine(_results, "mine"), task.RunFolder);
    }

    public void Dispose() => Directory.Delete(_results, recursive: true);

    private void Make(string id, int definitions) => RunFolder.Create(_results, new RunManifest
    {
        Id = id,
        Anchor = RunClock.Start(TimeProvider.System).Anchor,
        TimestampFrequency = TimeProvider.System.TimestampFrequency,
        BootId = RunFolder.CurrentBootId(),
        Profile = "quick",
        Scenarios = ["agg-tp-1-dp-1-none"],
        Seed = 1,
        Namespace = "n",
        Definitions = definitions,
    });
}
