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

    private Process Start(string temporary, params string[] words)
    {
        var info = new ProcessStartInfo("bash", ["-c", "while :; do sleep 1; done", "MSBuild.dll", .. words]) { UseShellExecute = false };
        info.Environment["TMPDIR"] = temporary;
        var process = Process.Start(info)!;
        _started.Add(process);
        return process;
    }
}
