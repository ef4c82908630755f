using System.Diagnostics;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Faults.Processes;

namespace FaultTolerance.Tests.Faults.KillProcess;

/// <summary>The scripts, run for real by this machine's shells on processes of the test's own.</summary>
public sealed class KillScriptTests : IDisposable
{
    private readonly List<Process> _started = [];
    private readonly string _mark = $"ftmark-{Guid.NewGuid():N}";

    public static TheoryData<string> Shells
    {
        get
        {
            var shells = new TheoryData<string> { "/bin/sh" };
            foreach (var other in new[] { "/bin/bash", "/bin/dash", "/bin/busybox" }.Where(File.Exists))
            {
                shells.Add(other);
            }

            return shells;
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task List_finds_a_process_by_its_own_command_line_and_not_the_search(string shell)
    {
        var target = Start("/bin/sh", "-c", "read -r x", $"{_mark} (odd) name");
        var match = Assert.Single(ProcessMatch.Find(await ListAsync(shell, _mark), _mark, joined: false));
        Assert.Equal(target.Id, match.Pid);
        Assert.Equal(Environment.ProcessId, match.Parent);
        Assert.NotNull(match.Caught);
        Assert.Contains($"{_mark} (odd) name", match.CommandLine, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task List_without_tr_still_finds(string shell)
    {
        var target = Start("/bin/sh", "-c", "read -r x", _mark, "-m", "a.b");
        var (lines, _) = await RunAsync(shell, ["-c", ProcessScript.List, ProcessScript.Marker, _mark], path: "/nowhere");
        var processes = lines.Select(ContainerProcess.Parse).OfType<ContainerProcess>().ToArray();
        Assert.Equal(target.Id, Assert.Single(ProcessMatch.Find(processes, $"{_mark} -m a.b", joined: lines.Contains("T"))).Pid);

        // Busybox has tr built in.
        Assert.Equal(!shell.EndsWith("busybox", StringComparison.Ordinal), lines.Contains("T"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Kill_ends_the_process_and_says_so(string shell)
    {
        var target = Start("/bin/sh", "-c", "read -r x", _mark);
        ContainerProcess[] found = [Itself(target)];
        var (lines, errors) = await RunAsync(shell, [.. KillScript.KillCommand("SIGKILL", found).Skip(1)]);
        Assert.Equal("", errors);
        Assert.Equal([$"sent {target.Id}"], lines.Take(1));
        Assert.Contains(lines, l => l == $"gone {target.Id}" || l == $"zombie {target.Id}");
        await target.WaitForExitAsync(Cancellation);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Kill_leaves_a_process_that_took_over_the_PID(string shell)
    {
        var target = Start("/bin/sh", "-c", "read -r x", _mark);
        var found = Itself(target);
        var (lines, _) = await RunAsync(shell, [.. KillScript.KillCommand("SIGKILL", [found with { Start = found.Start + 1 }]).Skip(1)]);
        Assert.Equal([$"vanished {target.Id}"], lines);
        Assert.False(target.HasExited);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Kill_of_a_process_that_ignores_the_signal_says_alive(string shell)
    {
        var target = Start("/bin/sh", "-c", "trap '' INT; echo ready; read -r x", _mark);
        await target.StandardOutput.ReadLineAsync(Cancellation);
        ContainerProcess[] found = [Itself(target)];
        var (lines, _) = await RunAsync(shell, [.. KillScript.KillCommand("SIGINT", found, looks: 2).Skip(1)]);
        Assert.Equal([$"sent {target.Id}", $"alive {target.Id}"], lines);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Signal_0_only_asks(string shell)
    {
        var target = Start("/bin/sh", "-c", "read -r x", _mark);
        ContainerProcess[] found = [Itself(target)];
        var (lines, _) = await RunAsync(shell, [.. KillScript.KillCommand("0", found, looks: 2).Skip(1)]);
        Assert.Equal($"alive {target.Id}", lines[^1]);
        Assert.False(target.HasExited);
    }

    [Fact]
    public async Task Handlers_are_seen()
    {
        var target = Start("/bin/sh", "-c", "trap 'exit 3' INT; echo ready; read -r x", _mark);
        await target.StandardOutput.ReadLineAsync(Cancellation);
        var found = Assert.Single(ProcessMatch.Find(await ListAsync("/bin/sh", _mark), _mark, joined: false));
        Assert.True(found.Catches(Signals.Number("SIGINT")));
        Assert.False(found.Catches(Signals.Number("SIGTERM")));
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    private static ContainerProcess Itself(Process process) =>
        ContainerProcess.Parse($"P|0;{File.ReadAllText($"/proc/{process.Id}/stat")}|x")!;

    // The search's own arguments hold the pattern, as those of whatever wraps an exec may.
    private static async Task<ContainerProcess[]> ListAsync(string shell, string mark)
    {
        var (lines, errors) = await RunAsync(shell, ["-c", ProcessScript.List, ProcessScript.Marker, mark]);
        Assert.Equal("", errors);
        return [.. lines.Select(ContainerProcess.Parse).OfType<ContainerProcess>()];
    }

    private static async Task<(string[] Lines, string Errors)> RunAsync(string shell, IReadOnlyList<string> arguments, string? path = null)
    {
        var start = new ProcessStartInfo(shell) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (shell.EndsWith("busybox", StringComparison.Ordinal))
        {
            start.ArgumentList.Add("sh");
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return ((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }

    private Process Start(string program, params string[] arguments)
    {
        // Waits on its standard input, and so ends by itself should this test process die.
        var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _started.Add(process);
        return process;
    }
}
