using FaultMatrix.Build.Commands;

namespace FaultMatrix.Build.Tests.Commands;

public sealed class ProgramRunTests
{
    [Fact]
    public async Task Run_of_a_program_that_does_not_end_ends_it_and_keeps_what_it_wrote()
    {
        // Real time: the program is a real one.
        var result = await ProgramRun.RunAsync(
            "/bin/sh", ["-c", "echo began; exec sleep 600"], Path.GetTempPath(), TimeSpan.FromSeconds(2), TimeProvider.System,
            TestContext.Current.CancellationToken);

        Assert.Equal(137, result.ExitCode);
        Assert.StartsWith("began\ndid not end within", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, TestTally.Of("Some", result).Failed);
    }

    [Fact]
    public async Task Run_that_is_cancelled_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromSeconds(0.2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProgramRun.RunAsync(
            "/bin/sh", ["-c", "exec sleep 600"], Path.GetTempPath(), TimeSpan.FromMinutes(5), TimeProvider.System, cancelled.Token));
    }
}
