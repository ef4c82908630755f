using FaultTolerance.Load;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Deployments;

namespace FaultTolerance.Graphs.Transport;

public sealed class SilentWatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frontend_that_is_not_found_has_the_watch_look_for_the_one_that_took_its_place()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));
        cluster.Before = async http => http.Request.Query.ContainsKey("watch") && await ListWatchTests.Forever(http);
        using var graph = new TestGraph();
        using var session = await cluster.ConnectAsync();
        await using var watch = await graph.WatchAsync(session);
        await using var transport = new PortForwardTransport(session, watch);
        var before = Assert.Single(transport.Ready);

        // Replaced, and the watch does not say so.
        cluster.Remove("pods", "ft-small-decode-a");
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-b"));
        await Assert.ThrowsAsync<TransportException>(() => transport.ConnectAsync(before, Cancellation).AsTask());

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        await watch.WhenAsync(pods => pods.Count == 1 && pods[0].Name == "ft-small-decode-b" ? pods : null, limit.Token);
        Assert.Equal("ft-small-decode-b", Assert.Single(transport.Ready).Pod);
        Assert.Contains("FT0320", graph.TimelineText, StringComparison.Ordinal);
    }
}
