using FaultTolerance.Artefacts.Processes;
using FaultTolerance.Collection;
using FaultTolerance.Graphs.Processes;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Deployments;
using FaultTolerance.Tests.Faults;

namespace FaultTolerance.Tests.Collection;

/// <summary>What runs in a pod when its row is collected.</summary>
public sealed class ProcessListsTests
{
    // A worker, its engine, which is dead, and the search itself with what it started.
    private static readonly string Seen = string.Concat(
        Line(1, 0, 'S', "python3", "python3 -m dynamo.vllm --model M "), Line(7, 1, 'Z', "VLLM::EngineCore", ""),
        Line(20, 0, 'S', "sh", $"/bin/sh -c list {ProcessScript.Marker}"), Line(21, 20, 'R', "tr", "tr"), "P|\n");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CollectAsync_where_the_nodes_processes_are_seen_says_so_and_keeps_none()
    {
        // The machine's own shell: what started it can be seen.
        var (problems, read) = await CollectAsync(new RealShell { Listing = RealShell.WholeListAsync }, _ => true);

        Assert.Empty(problems);
        Assert.True(read!.Shared);
        Assert.Empty(read.All);
    }

    [Fact]
    public async Task CollectAsync_in_a_containers_own_namespace_counts_what_lives_there()
    {
        var shell = new RealShell { Listing = _ => Task.FromResult(Seen) };
        var (problems, read) = await CollectAsync(shell, _ => true);

        Assert.Empty(problems);
        Assert.False(read!.Shared);
        Assert.Equal(
            [new PodProcess(1, "S", "python3 -m dynamo.vllm --model M"), new PodProcess(7, "Z", "VLLM::EngineCore")], read.All);
    }

    [Fact]
    public async Task CollectAsync_of_a_container_without_a_shell_tells_so_and_of_other_services_asks_nothing()
    {
        var shell = new RealShell { Listing = _ => Task.FromResult("") };
        var (problems, read) = await CollectAsync(shell, _ => true);

        Assert.Contains(
            "processes of pod 'ft-small-decode-a' could not be saved", Assert.Single(problems).ToString(), StringComparison.Ordinal);
        Assert.Null(read);
        Assert.Empty((await CollectAsync(shell, name => name != "decode")).Problems);
        Assert.Single(shell.Ran);
    }

    private static string Line(int pid, int parent, char state, string name, string command) =>
        $"P|0,0;{pid} ({name}) {state} {parent} {string.Concat(Enumerable.Repeat("0 ", 20))}|{command}\n";

    private static async Task<(IReadOnlyList<CollectionProblem> Problems, PodProcesses? Read)> CollectAsync(
        RealShell shell, Func<string, bool> wanted)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));
        cluster.Before = shell.AnswerAsync;
        using var graph = new TestGraph();
        using var session = await cluster.ConnectAsync();
        await using var watch = await graph.WatchAsync(session);

        var problems = await new ProcessLists(session, new ArtifactCollector(session, graph.Folder, graph.Timeline))
            .CollectAsync(watch, wanted, Cancellation);

        var file = Path.Combine(graph.Folder.Service("decode"), "ft-small-decode-a.processes.jsonl");
        return (problems, File.Exists(file) ? PodProcesses.Read(file) : null);
    }
}
