using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Faults;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using RealCluster.Support;

namespace RealCluster;

/// <summary>Process kills in containers as small as they come; the images are those that the cluster scripts make.</summary>
public sealed class FaultTests
{
    private const string Shell = "local/busybox:1";
    private const string NoShell = "local/pause:1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task KillProcess_of_a_child_with_bin_sh_alone_is_proven()
    {
        var outcome = await InjectAsync(Shell, """["sh", "-c", "sleep 4711 & wait; sleep 600"]""", "sleep 4711", "SIGKILL");

        Assert.Null(outcome.Error);
        Assert.Contains("process gone", outcome.Proof!.Text, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task KillProcess_of_PID_1_with_a_handler_is_proven_by_process_or_container()
    {
        var outcome = await InjectAsync(Shell, """["sh", "-c", "trap 'exit 3' INT; while true; do sleep 0.1; done"]""", "trap", "SIGINT");

        Assert.Null(outcome.Error);
    }

    [RealClusterFact]
    public async Task KillProcess_of_PID_1_with_SIGKILL_is_refused_where_nothing_can_limit_it()
    {
        var outcome = await InjectAsync(Shell, """["sh", "-c", "trap 'exit 3' INT; while true; do sleep 0.1; done"]""", "trap", "SIGKILL");

        Assert.Null(outcome.Proof);
        Assert.Equal("FT0616", outcome.Error!.Code);
    }

    [RealClusterFact]
    public async Task KillProcess_of_PID_1_without_a_handler_is_refused_as_it_would_do_nothing()
    {
        var outcome = await InjectAsync(Shell, """["sleep", "4712"]""", "sleep 4712", "SIGINT");

        Assert.Null(outcome.Proof);
        Assert.Equal("FT0605", outcome.Error!.Code);
    }

    [RealClusterFact]
    public async Task KillProcess_without_any_shell_is_refused_and_says_what_to_do()
    {
        var outcome = await InjectAsync(NoShell, """["/pause"]""", "pause", "SIGINT");

        Assert.Null(outcome.Proof);
        Assert.Equal("FT0608", outcome.Error!.Code);
        Assert.Contains("use pod deletion", outcome.Error.Message, StringComparison.Ordinal);
    }

    private static async Task<FaultOutcome> InjectAsync(string image, string command, string process, string signal)
    {
        await using var space = await TestNamespace.CreateAsync();
        var manifest = Manifest.Parse("inline", $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: small-worker
              labels: {faultmatrix.dev/graph: small, faultmatrix.dev/role: decode}
            spec:
              selector:
                matchLabels: {faultmatrix.dev/graph: small, faultmatrix.dev/role: decode}
              template:
                metadata:
                  labels: {faultmatrix.dev/graph: small, faultmatrix.dev/role: decode}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                    - name: main
                      image: {{image}}
                      command: {{command}}
            """);
        var graph = new PlainGraphKind().Build(
            manifest, "small", new Deployment { Name = "small", Manifest = "inline" }, new GraphOwner("test", "test", space.Name), []);
        var folder = Directory.CreateTempSubdirectory("faultmatrix-");
        try
        {
            var clock = RunClock.Start(TimeProvider.System);
            using var log = new TestLog(Path.Combine(folder.FullName, "test.log.txt"), clock);
            using var timeline = new TimelineWriter(Path.Combine(folder.FullName, "timeline.jsonl"), clock);
            await using var watch = await GraphWatch.StartAsync(space.Admin, graph, timeline, Cancellation);
            foreach (var made in graph.Objects)
            {
                await space.Admin.CreateAsync(made.Type, made.Body, Cancellation);
            }

            await watch.WhenAsync(pods => pods.Count == 1 && pods[0].IsReady ? pods : null, Cancellation);
            var failure = new Failure(
                "kill",
                [
                    new KillProcessFault
                    {
                        Target = "decode",
                        Process = process,
                        Signal = signal,
                        After = TimeSpan.Zero,
                    },
                ]
            );
            var outcomes = await new FaultInjector(
                new FaultScene(space.Admin, watch, log, timeline, new FaultOptions()),
                FaultKinds.Standard
            ).RunAsync(failure, clock.Now, Cancellation);
            return Assert.Single(outcomes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
