using FaultTolerance.Collection;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Deployments;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Collection;

public sealed class ArtifactCollectorTests
{
    private const string Restarted = """{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"lastState":{"terminated":{"exitCode":1}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collect_saves_state_and_logs_and_tells_what_it_could_not()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a", state: Restarted, restarts: 1));
        cluster.Before = async http => IsLog(http) && (http.Request.Query.ContainsKey("previous")
            ? await FakeApi.StatusAsync(http, 400, "BadRequest", "previous terminated container not found\n::error::x")
            : await WriteAsync(http, "one\ntwo\n"));
        using var graph = new TestGraph();
        using var session = await cluster.ConnectAsync();
        await using var watch = await graph.WatchAsync(session);

        var problems = await new ArtifactCollector(session, graph.Folder, graph.Timeline).CollectAsync(watch, Cancellation);

        var folder = graph.Folder.Service("decode");
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(folder, "ft-small-decode-a.log"), Cancellation));
        Assert.Contains(
            "name: ft-small-decode-a",
            await File.ReadAllTextAsync(Path.Combine(folder, "ft-small-decode-a.yaml"), Cancellation),
            StringComparison.Ordinal
        );
        Assert.Equal(["metrics", "previous log of container 'main'"], problems.Select(p => p.What).Order(StringComparer.Ordinal));
        Assert.Equal(2, graph.TimelineText.Split("FT0706").Length - 1);
    }

    [Fact]
    public async Task Collect_of_a_log_that_stalls_ends_and_keeps_what_came()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a", state: """{"waiting":{"reason":"x"}}"""));
        cluster.Before = async http => IsLog(http) && await Trouble.StallAsync(http, "line 1\n", "text/plain");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var graph = new TestGraph(time);
        using var session = await cluster.ConnectAsync(time);
        await using var watch = await graph.WatchAsync(session);

        var problems = await time.PumpAsync(
            new ArtifactCollector(session, graph.Folder, graph.Timeline).CollectAsync(watch, Cancellation),
            seconds: 120
        );

        Assert.Contains("stopped in the middle", Assert.Single(problems).Why, StringComparison.Ordinal);
        Assert.Equal(
            "line 1\n",
            await File.ReadAllTextAsync(Path.Combine(graph.Folder.Service("decode"), "ft-small-decode-a.log"), Cancellation)
        );
    }

    [Fact]
    public async Task Keeper_saves_the_log_before_a_restart()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));
        cluster.Before = async http => IsLog(http) && await WriteAsync(http, "last words\n");
        using var graph = new TestGraph();
        using var session = await cluster.ConnectAsync();
        await using var watch = await graph.WatchAsync(session);
        await using var keeper = new LogKeeper(watch, new ArtifactCollector(session, graph.Folder, graph.Timeline));

        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a", state: Restarted, restarts: 1));
        await watch.WhenAsync(pods => pods[0].MainStatus!.RestartCount == 1 ? pods : null, Cancellation);
        await keeper.StopAsync();

        Assert.Equal("last words\n", await File.ReadAllTextAsync(
            Path.Combine(graph.Folder.Service("decode"), "restarts", "ft-small-decode-a.main.restart-1.previous.log"), Cancellation));
    }

    [Fact]
    public async Task Keeper_stops_though_a_log_stalls_and_tells_of_it()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));
        cluster.Before = async http => IsLog(http) && await Trouble.StallAsync(http, "line 1\n", "text/plain");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var graph = new TestGraph(time);
        using var session = await cluster.ConnectAsync(time, requestTimeout: 3000);
        await using var watch = await graph.WatchAsync(session);
        await using var keeper = new LogKeeper(watch, new ArtifactCollector(session, graph.Folder, graph.Timeline));
        var ending = TestGraph.Pod("ft-small-decode-a");
        ending["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:01Z";
        cluster.Put("pods", ending);
        await watch.WhenAsync(pods => pods[0].IsTerminating ? pods : null, Cancellation);

        await time.PumpAsync(keeper.StopAsync(), seconds: 60);

        Assert.Contains("given up", graph.TimelineText, StringComparison.Ordinal);
    }

    private static bool IsLog(HttpContext http) => http.Request.Path.Value!.EndsWith("/log", StringComparison.Ordinal);

    private static async Task<bool> WriteAsync(HttpContext http, string text)
    {
        await http.Response.WriteAsync(text, http.RequestAborted);
        return true;
    }
}
