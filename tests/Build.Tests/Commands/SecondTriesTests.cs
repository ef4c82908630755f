using FaultMatrix.Build.Commands;

namespace FaultMatrix.Build.Tests.Commands;

/// <summary>A test that needs its second attempt once is told; twice in a row it is a failure.</summary>
public sealed class SecondTriesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faultmatrix-second-tries-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task JudgeAsync_the_first_time_passes_it_with_a_word()
    {
        var tally = await JudgeAsync("Slow", "Rare");

        Assert.Equal((5, 0), (tally.Passed, tally.Failed));
        Assert.Equal(2, tally.Unsteady.Count);
    }

    [Fact]
    public async Task JudgeAsync_twice_in_a_row_fails_that_test_alone()
    {
        await JudgeAsync("Slow", "Rare");

        var tally = await JudgeAsync("Slow", "Other");

        Assert.Equal((4, 1), (tally.Passed, tally.Failed));
        Assert.Equal("Some: Slow: needed its second attempt two times in a row; why", Assert.Single(tally.Failures).ToString());
        Assert.Equal("Other", Assert.Single(tally.Unsteady).Method);
    }

    [Fact]
    public async Task JudgeAsync_with_a_steady_run_between_forgets()
    {
        await JudgeAsync("Slow");
        await JudgeAsync();

        Assert.Equal(0, (await JudgeAsync("Slow")).Failed);
    }

    [Fact]
    public async Task JudgeAsync_keeps_the_real_failures()
    {
        await JudgeAsync("Slow");
        var failed = new FailedTest("Some", "Broken", "no");

        var tally = await new SecondTries(File).JudgeAsync(Tally("Slow") with { Failed = 1, Failures = [failed] }, CancellationToken.None);

        Assert.Equal((4, 2), (tally.Passed, tally.Failed));
        Assert.Equal(["Broken", "Slow"], tally.Failures.Select(f => f.Method));
    }

    private string File => Path.Combine(_folder.FullName, "below", "tests.txt");

    private Task<TestTally> JudgeAsync(params string[] unsteady) => new SecondTries(File).JudgeAsync(Tally(unsteady), CancellationToken.None);

    private static TestTally Tally(params string[] unsteady) =>
        new(5, 0, 0, [], [.. unsteady.Select(m => new FailedTest("Some", m, "why"))]);
}
