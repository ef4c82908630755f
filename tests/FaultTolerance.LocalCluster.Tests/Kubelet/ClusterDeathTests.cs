using System.Diagnostics;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

public sealed class ClusterDeathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lc-death-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ProcessSignals.Kill)]
    [InlineData(ProcessSignals.Terminate)]
    public async Task End_of_the_program_leaves_no_process_behind(int signal)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var pod = "death-" + Path.GetFileName(_folder).ToLowerInvariant().Replace('_', '-');
        Directory.CreateDirectory(Path.Combine(_folder, "image"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "pods.yaml"),
            $$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: {{pod}}}
            spec:
              containers:
              - {name: one, image: test, command: [/bin/sh, -c, "trap '' TERM; (setsid sleep 1000 &) ; sleep 1000 & wait; sleep 1000"]}
              - {name: two, image: test, command: [sleep, "1000"]}
            """,
            cancellation
        );
        using var program = Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "FaultTolerance.LocalCluster"),
                [
                    "--data",
                    Path.Combine(_folder, "data"),
                    "--kubeconfig",
                    Path.Combine(_folder, "kubeconfig"),
                    "--image",
                    "test=" + Path.Combine(_folder, "image"),
                    "--manifest",
                    Path.Combine(_folder, "pods.yaml"),
                ]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var ready = JsonNode.Parse(await program.StandardOutput.ReadLineAsync(cancellation) ?? "{}");
        Assert.SkipUnless(ready.IsTrue("pidNamespaces"), ready.Text("note") ?? "");
        var port = new Uri(ready.Text("server")!).Port;
        await UntilAsync(() => Processes.With("HOSTNAME=" + pod, port).Count >= 5, cancellation);

        ProcessSignals.Send(program.Id, signal);
        await program.WaitForExitAsync(cancellation);
        await UntilAsync(() => Processes.With("HOSTNAME=" + pod, port).Count == 0, cancellation);
        Assert.Equal(signal == ProcessSignals.Kill ? 137 : 0, program.ExitCode);
        Assert.Equal(signal == ProcessSignals.Kill, Directory.Exists(Path.Combine(_folder, "data")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetTempPath(), FormattableString.Invariant($"*-{program.Id}-*")));
    }

    // Other programs' processes come and go without a sign that could be awaited.
    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }
}
