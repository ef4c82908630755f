using FaultTolerance.Deployments;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Deployments;

/// <summary>A graph is deployed and removed over an API that stalls, drops, delays, lies and closes at seeded random.</summary>
public sealed class TroubledClusterTests
{
    private static readonly string[] Lies = ["{}", "[]", "null", "7", "<html>", """{"kind":"Status","status":"Success"}"""];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Deploy_and_removal_end_with_a_code_or_well_and_the_next_sweep_leaves_nothing(int seed)
    {
        await using var cluster = await FakeCluster.StartAsync();
        TestGraph.Control(cluster);
        var theirs = cluster.Put("pods", TestGraph.Pod("theirs", ours: false))["metadata"]!["resourceVersion"]!.ToString();
        cluster.Get("pods", "theirs")!["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time, retries: 3);
        var (random, calm, troubles) = (new Random(seed), false, 0);
        cluster.Deleted = (plural, _) =>
        {
            if (plural == "deployments")
            {
                cluster.Remove("pods", $"{TestGraph.Name}-decode-a");
            }
        };
        cluster.Before = async http =>
        {
            if (!calm && Draw(random, http) is { } trouble && Interlocked.Increment(ref troubles) > 0)
            {
                return await TroubleAsync(trouble.Kind, trouble.Size, http, time);
            }

            return await TestTransport.ServeAsync(http);
        };

        using (var graph = new TestGraph(time))
        {
            await CodedAsync(async () =>
            {
                await using var watch = await time.PumpAsync(graph.WatchAsync(session));
                await using var transport = new TestTransport(watch, cluster.Api);
                var deployer = new GraphDeployer(session, watch, transport, graph.Log, graph.Timeline);
                await CodedAsync(() => time.PumpAsync(deployer.DeployAsync(null, TimeSpan.FromSeconds(120), Cancellation), seconds: 900));
                await CodedAsync(() =>
                    time.PumpAsync(
                        new GraphRemover(session, graph.Log).RemoveAsync(watch, TimeSpan.FromSeconds(30), Cancellation),
                        seconds: 900
                    )
                );
            });
        }

        Assert.True(troubles > 0, "no trouble: this proves nothing");
        calm = true;
        await time.PumpAsync(new LeftoverSweep(session).RemoveAsync(null, TimeSpan.FromSeconds(60), Cancellation));
        Assert.Empty(cluster.Names("deployments"));
        Assert.Equal(["theirs"], cluster.Names("pods"));
        Assert.Equal(theirs, cluster.Get("pods", "theirs")!["metadata"]!["resourceVersion"]!.ToString());
    }

    // Whatever goes wrong has a code; anything else is a mistake of ours, and fails the test.
    private static async Task CodedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (FaultMatrixException e)
        {
            Assert.Matches("^FT0[34]", e.Code);
        }
    }

    private static (int Kind, int Size)? Draw(Random random, HttpContext http)
    {
        lock (random)
        {
            var (share, kind, size) = (random.NextDouble(), random.Next(13), random.Next(100));
            return share < 0.4 && !http.Request.Path.Value!.StartsWith("/v1/", StringComparison.Ordinal) ? (kind, size) : null;
        }
    }

    private static Task<bool> TroubleAsync(int kind, int size, HttpContext http, TimeProvider time) => kind switch
    {
        // Seldom, as a server that answers otherwise than a Kubernetes API is believed to be none.
        0 => Trouble.LieAsync(http, Lies[size % Lies.Length]),
        1 or 2 => Trouble.NeverAsync(http),
        3 or 4 => Trouble.StallAsync(http, "{\"items\":["),
        5 or 6 => Trouble.DropAsync(http, size % 2 == 0 ? "" : "{\"metadata\":"),
        7 or 8 => Trouble.DelayAsync(TimeSpan.FromSeconds(size / 4.0), time),
        9 or 10 when http.Request.Query.ContainsKey("watch") => Trouble.CloseAsync(http),
        9 or 10 => FakeApi.StatusAsync(http, 429, "TooManyRequests", "slowly"),
        _ => FakeApi.StatusAsync(http, 500, "InternalError", "etcd"),
    };
}
