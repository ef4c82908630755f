using System.Diagnostics;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>A worker of the engine that waits for a front that was killed is ended by the next command.</summary>
public sealed class OrphanedWorkersTests : IDisposable
{
    // No process has this id.
    private const int Gone = 999_999_999;
    private readonly FakeRoot _root = new();
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        _root.Dispose();
    }

    [Fact]
    public async Task Next_command_ends_the_workers_of_a_killed_front_and_nobody_elses()
    {
        var orphan = Start(Path.Combine(_root.Temp, $"local-{Gone}.engine"), "/nodemode:1", "/nodeReuse:false");
        Process[] others =
        [
            // Its front lives: it is this process.
            Start(Path.Combine(_root.Temp, $"local-{Environment.ProcessId}.engine"), "/nodemode:1", "/nodeReuse:false"),
            // Of another checkout, of no front, and no worker.
            Start(Path.Combine(_root.Folder, "elsewhere", $"local-{Gone}.engine"), "/nodemode:1", "/nodeReuse:false"),
            Start(_root.Temp, "/nodemode:1", "/nodeReuse:false"),
            Start(Path.Combine(_root.Temp, $"local-{Gone}.engine"), "another"),
        ];
        var socket = $"/tmp/MSBuild{orphan.Id}";
        await File.WriteAllTextAsync(socket, "", TestContext.Current.CancellationToken);

        var (exitCode, output) = await FrontProcess.RunAsync(_root, ["Teardown", "--kubeconfig", _root.Kubeconfig]);

        Assert.True(exitCode == 0, output);
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(137, orphan.ExitCode);
        Assert.False(File.Exists(socket));
        Assert.DoesNotContain(others, other => other.HasExited);
    }

    // Before they speak, while they agree to, and after: whatever a worker waits for then.
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Next_command_ends_real_workers_whose_front_was_killed_while_they_began(int milliseconds)
    {
        IReadOnlyList<int> workers = [];
        using (var front = new FrontProcess(
            _root, ["FaultMatrix", "--parallelism", "2", "--scenario", "a", "b", "--kubeconfig", _root.Kubeconfig],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_ANY_SCENARIO"] = "1", ["FAKE_HANG"] = "Inject" }))
        {
            await front.UntilAsync(() => (workers = EngineWorkers.Of(front.Id)).Count > 0);
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            await front.SignalAsync("KILL");
            Assert.Equal(137, await front.EndAsync());
        }

        var (exitCode, output) = await FrontProcess.RunAsync(_root, ["Teardown", "--kubeconfig", _root.Kubeconfig]);

        Assert.True(exitCode == 0, output);
        Assert.All(workers, worker => Assert.True(
            FaultMatrix.Shared.ProcessStat.Read(worker) is null or { HasEnded: true }, $"worker {worker} is still there"));
        Assert.All(workers, worker => Assert.False(File.Exists($"/tmp/MSBuild{worker}"), $"/tmp/MSBuild{worker} is left"));
    }

    private Process Start(string temporary, params string[] words)
    {
        var info = new ProcessStartInfo("bash", ["-c", "while :; do sleep 1; done", "MSBuild.dll", .. words]) { UseShellExecute = false };
        info.Environment["TMPDIR"] = temporary;
        var process = Process.Start(info)!;
        _started.Add(process);
        return process;
    }
}
