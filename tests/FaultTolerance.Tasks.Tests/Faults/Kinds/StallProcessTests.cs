using System.Diagnostics;
using FaultTolerance.Faults;
using FaultTolerance.Faults.StallProcess;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Tests.Faults.Kinds;

/// <summary>Processes that stand still and go on, by the machine's own shell and kernel.</summary>
public sealed class StallProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stalled_processes_stand_and_go_on()
    {
        using var sleeper = Sleeper();
        var (stage, shell) = await KindSamples.StageAsync();
        await using var ends = stage;
        shell.Shown.Add(sleeper);
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };

        var outcome = Assert.Single(await stage.RunAsync(Stall(TimeSpan.FromSeconds(0.1))));

        Assert.Null(outcome.Error);
        Assert.StartsWith($"stopped (PID {sleeper.Id}, start ", outcome.Proof!.Text, StringComparison.Ordinal);
        Assert.Equal("SIGSTOP", Assert.Single(stage.Events("fault.landed"))["signal"]!.GetValue<string>());
        Assert.Equal("no process of it is stopped any more", Assert.Single(stage.Events("fault.healed"))["proof"]!.GetValue<string>());
        Assert.NotEqual('T', RealShell.State(sleeper));
        sleeper.Kill();
    }

    [Fact]
    public async Task Guard_lets_them_go_on_where_nobody_comes()
    {
        using var sleeper = Sleeper();
        var (stage, shell) = await KindSamples.StageAsync();
        await using var ends = stage;
        shell.Shown.Add(sleeper);
        using var session = await stage.Api.ConnectAsync(stage.Time, retries: 0);
        var start = ulong.Parse(File.ReadAllText($"/proc/{sleeper.Id}/stat").Split(") ")[^1].Split(' ')[19]);
        var process = new ContainerProcess(sleeper.Id, 1, 'S', start, null, "sleep", "sleep");

        var result = await session.Exec.RunAsync(
            "small-0", "main", StallScript.Command($"{ProcessScript.WorkPrefix}guard-{sleeper.Id}", 1, [process]), TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal($"stands {sleeper.Id}", result.Output.Trim());
        while (RealShell.State(sleeper) == 'T')
        {
            await Task.Delay(20, Cancellation);
        }

        Assert.False(sleeper.HasExited);
        sleeper.Kill();
    }

    [Fact]
    public async Task Index_beyond_those_there_are_is_an_error()
    {
        using var sleeper = Sleeper();
        var (stage, shell) = await KindSamples.StageAsync();
        await using var ends = stage;
        shell.Shown.Add(sleeper);
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };

        var outcome = Assert.Single(await stage.RunAsync(Stall(TimeSpan.FromSeconds(1)) with { Index = 1 }));

        Assert.Equal("FT0604", outcome.Error!.Code);
        Assert.Contains("1 processes", outcome.Error.Message, StringComparison.Ordinal);
        sleeper.Kill();
    }

    private static StallProcessFault Stall(TimeSpan lasts) => new() { Process = "sleep 601", For = lasts, Target = "decode", After = TimeSpan.Zero };

    private static Process Sleeper() => Process.Start(new ProcessStartInfo("sleep", "601") { UseShellExecute = false })!;
}
