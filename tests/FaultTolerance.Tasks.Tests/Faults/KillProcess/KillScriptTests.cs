using System.Diagnostics;
using System.Globalization;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Processes;

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
        Assert.NotNull(match.Taken);
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
        Assert.StartsWith($"sent {target.Id} ", lines[0], StringComparison.Ordinal);
        var gone = Assert.Single(lines.Skip(1)).Split(' ');
        Assert.Contains(gone[0], new[] { "gone", "zombie" });
        Assert.Equal($"{target.Id}", gone[1]);

        // Between these two, by the machine's uptime, it ended.
        Assert.True(double.Parse(gone[2], CultureInfo.InvariantCulture) <= double.Parse(gone[3], CultureInfo.InvariantCulture));
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
        Assert.StartsWith($"sent {target.Id} ", lines[0], StringComparison.Ordinal);
        Assert.Equal($"alive {target.Id}", Assert.Single(lines.Skip(1)));
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

    [Theory]
    [InlineData("prlimit")]
    [InlineData("python3")]
    public async Task Crash_by_a_limit_ends_a_busy_process_with_SIGKILL(string means)
    {
        Assert.SkipUnless(Which(means) is not null, $"No {means} is installed.");
        using var folder = new TemporaryPath(Which(means)!, Which("sleep")!);
        var target = Start("/bin/sh", "-c", "while :; do :; done", _mark);
        var command = KillScript.CrashCommand(Itself(target));

        var (lines, errors) = await RunAsync("/bin/sh", [.. command.Skip(1)], path: folder.Path);
        await target.WaitForExitAsync(Cancellation);

        Assert.Equal("", errors);
        Assert.Matches($"^sent {target.Id} [0-9.]+ [0-9.]+ {means}$", Assert.Single(lines));
        Assert.Equal(128 + Signals.Number("SIGKILL"), target.ExitCode);
    }

    [Theory]
    [InlineData("SIGCHLD")]
    [InlineData("SIGURG")]
    [InlineData("SIGCONT")]
    [InlineData("SIGRTMIN")]
    public async Task Work_of_a_process_that_handles_a_signal_ends_it_by_its_limit(string handled)
    {
        Assert.SkipUnless(Which("python3") is not null, "No python3 is installed.");
        var target = Start(Which("python3")!, "-c", $"""
            import signal, sys
            signal.signal(signal.{handled}, lambda *_: None)
            sys.stdin.read()
            """, _mark);
        var itself = Itself(target);
        await RunAsync("/bin/sh", [.. KillScript.CrashCommand(itself).Skip(1)]);

        string[] lines = [];
        for (var i = 0; i < 20 && lines.Length == 0; i++)
        {
            (lines, _) = await RunAsync("/bin/sh", [.. CrashWork.Command(itself).Skip(1)]);
        }

        Assert.Matches($"^(gone|zombie) {target.Id} [0-9.]+ [0-9.]+$", Assert.Single(lines));
        await target.WaitForExitAsync(Cancellation);
        Assert.Equal(128 + Signals.Number("SIGKILL"), target.ExitCode);
    }

    [Fact]
    public async Task Work_of_a_process_that_handles_none_leaves_it_alone()
    {
        var target = Start("/bin/sh", "-c", "read -r x", _mark);
        var itself = Itself(target);

        var (lines, errors) = await RunAsync("/bin/sh", [.. CrashWork.Command(itself).Skip(1)]);

        Assert.Equal("", errors);
        Assert.Empty(lines);
        Assert.False(target.HasExited);
    }

    [Fact]
    public async Task Crash_without_means_or_of_another_process_says_so()
    {
        var target = Start("/bin/sh", "-c", "read -r x", _mark);
        var itself = Itself(target);

        var (without, _) = await RunAsync("/bin/sh", [.. KillScript.CrashCommand(itself).Skip(1)], path: "/nowhere");
        var (other, _) = await RunAsync("/bin/sh", [.. KillScript.CrashCommand(itself with { Start = itself.Start + 1 }).Skip(1)]);

        Assert.Equal([$"failed {target.Id}"], without);
        Assert.Equal([$"vanished {target.Id}"], other);
        Assert.False(target.HasExited);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Clock_is_asked_for_and_said_as_often_as_wanted(string shell)
    {
        var target = Start("/bin/sh", "-c", "read -r x", _mark);
        ContainerProcess[] found = [Itself(target)];
        var (lines, errors) = await RunAsync(shell, [.. KillScript.KillCommand("0", found, looks: 1, rounds: 2).Skip(1)], input: "\n\n");
        Assert.Equal("", errors);
        Assert.Equal(["clock?", "clock", "clock?", "clock", "sent", "alive"], lines.Select(line => line.Split(' ')[0]));
        Assert.True(
            double.Parse(lines[1].Split(' ')[1], CultureInfo.InvariantCulture)
                <= double.Parse(lines[3].Split(' ')[1], CultureInfo.InvariantCulture)
        );
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Clock_that_is_not_answered_holds_nothing_up(string shell)
    {
        var target = Start("/bin/sh", "-c", "read -r x", _mark);
        ContainerProcess[] found = [Itself(target)];
        var (lines, _) = await RunAsync(shell, [.. KillScript.KillCommand("0", found, looks: 1, rounds: 3).Skip(1)], input: "");
        Assert.Equal(["clock?", "sent", "alive"], lines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task Handlers_are_seen()
    {
        var target = Start("/bin/sh", "-c", "trap 'exit 3' INT; echo ready; read -r x", _mark);
        await target.StandardOutput.ReadLineAsync(Cancellation);
        var found = Assert.Single(ProcessMatch.Find(await ListAsync("/bin/sh", _mark), _mark, joined: false));
        Assert.True(found.Takes(Signals.Number("SIGINT")));
        Assert.False(found.Takes(Signals.Number("SIGTERM")));
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

    private static async Task<(string[] Lines, string Errors)> RunAsync(
        string shell,
        IReadOnlyList<string> arguments,
        string? path = null,
        string? input = null
    )
    {
        var start = new ProcessStartInfo(shell)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
        };
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
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }

        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return ([.. lines.Where(line => !line.StartsWith("still ", StringComparison.Ordinal))], await errors);
    }

    private Process Start(string program, params string[] arguments)
    {
        // Waits on its standard input, and so ends by itself should this test process die.
        var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        _started.Add(process);
        return process;
    }

    private static string? Which(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>A folder that holds nothing but links to a few programs.</summary>
    private sealed class TemporaryPath : IDisposable
    {
        public TemporaryPath(params string[] programs)
        {
            foreach (var program in programs)
            {
                // A link would lead a shim astray, which looks at its own name and place.
                var script = System.IO.Path.Combine(Path, System.IO.Path.GetFileName(program));
                File.WriteAllText(script, $"#!/bin/sh\nPATH='{Environment.GetEnvironmentVariable("PATH")}' exec '{program}' \"$@\"\n");
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                }
            }
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
