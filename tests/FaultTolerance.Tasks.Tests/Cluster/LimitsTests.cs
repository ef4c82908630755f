using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Tests.Deployments;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Cluster;

/// <summary>Every byte that comes from the API has a limit of time and of size, and what it says cannot surprise.</summary>
public sealed class LimitsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_whose_body_stalls_ends_by_the_idle_limit()
    {
        var e = await FailsAsync(http => Trouble.StallAsync(http, "{\"kind\":"));
        Assert.Equal("FT0313", e.Code);
        Assert.Contains("stopped in the middle", e.Message, StringComparison.Ordinal);
        Assert.True(e.IsTransient);
    }

    [Fact]
    public async Task Call_that_is_never_answered_ends_within_one_limit_for_all_attempts()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var from = time.GetTimestamp();
        var e = await FailsAsync(Trouble.NeverAsync, time);
        Assert.Equal("FT0313", e.Code);
        Assert.InRange(time.GetElapsedTime(from).TotalSeconds, 20, 40);
    }

    [Fact]
    public async Task Call_whose_body_drips_ends_by_the_total_limit()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var e = await FailsAsync(http => Trouble.DripAsync(http, () => Task.Delay(20, CancellationToken.None)), time);
        Assert.Equal("FT0313", e.Code);
        Assert.Contains("did not end its answer within 60 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_whose_body_is_endless_ends_by_the_size_limit()
    {
        var e = await EndlessFailsAsync(http => Trouble.EndlessAsync(http, "{\"metadata\":{\"name\":\"", "aaaaaaaaaaaaaaaa"));
        Assert.Equal("FT0319", e.Code);
        Assert.Contains("64 MB", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_whose_text_is_endless_is_cut()
    {
        var e = await EndlessFailsAsync(http => Trouble.EndlessAsync(http, "<html>", "<p>\u001b[31m::error::no</p>\n", status: 422));
        Assert.Equal("FT0309", e.Code);
        Assert.InRange(e.Message.Length, 100, 800);
        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    [Fact]
    public async Task List_without_an_end_is_an_error()
    {
        var e = await FailsAsync(
            http =>
                http.Request.Query["limit"].Count == 0
                    ? FakeApi.StatusAsync(http, 500, "x", "x")
                    : FakeApi.JsonAsync(http, ListWatchTests.List("1", "more", [])),
            call: session => session.ListAsync<V1Pod>(ResourceType.Pods, default, Cancellation)
        );
        Assert.Equal("FT0319", e.Code);
    }

    [Fact]
    public async Task Retry_after_a_day_is_waited_for_within_reason()
    {
        await using var api = await FakeApi.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await api.ConnectAsync(time);
        var calls = 0;
        api.Handle = http =>
        {
            http.Response.Headers.RetryAfter = "99999";
            return Interlocked.Increment(ref calls) == 1
                ? FakeApi.StatusAsync(http, 429, "TooManyRequests", "later")
                : FakeApi.JsonAsync(http, """{"metadata":{"name":"a"}}""");
        };

        Assert.NotNull(await time.PumpAsync(session.FindAsync<JsonObject>(ResourceType.ConfigMaps, "a", Cancellation), seconds: 60));
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("""{"metadata":[]}""")]
    [InlineData("""{"metadata":{"name":7}}""")]
    [InlineData("""{"items":{},"metadata":{}}""")]
    [InlineData("""{"items":[null],"metadata":{}}""")]
    [InlineData("""{"metadata":{"name":"a"},"spec":[],"gitVersion":[],"status":"x","versions":7}""")]
    [InlineData("<html>\n##vso[task.setvariable]</html>")]
    public async Task Answer_of_another_form_is_one_line_whatever_was_asked(string answer)
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync(retries: 0);
        api.Handle = http => FakeApi.JsonAsync(http, answer);

        await EachFailsAsync(
            () => session.FindAsync<V1Pod>(ResourceType.Pods, "a", Cancellation),
            () => session.ListAsync<V1Pod>(ResourceType.Pods, default, Cancellation),
            () => session.ServedVersionsAsync("nvidia.com", Cancellation),
            () => session.RequireAsync([new Permission("get", "", "pods")], Cancellation),
            () => session.HasSubresourceAsync(ResourceType.Pods, "ephemeralcontainers", "Pod", Cancellation),
            () => api.ConnectAsync(retries: 0));
    }

    [Theory]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"a"},"spec":[]}}""")]
    [InlineData("[]")]
    public async Task Watch_that_sends_another_form_is_an_error_of_the_watch(string line)
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http =>
            http.Request.Query.ContainsKey("watch")
                ? ListWatchTests.Lines(http, line)
                : FakeApi.JsonAsync(http, ListWatchTests.List("1", ""));

        var e = await Assert.ThrowsAsync<ClusterException>(async () =>
        {
            await foreach (var _ in session.WatchAsync<V1Pod>(ResourceType.Pods, default, Cancellation))
            {
                // Only the list's end comes.
            }
        });
        Assert.Equal("FT0309", e.Code);
    }

    [Fact]
    public async Task Watch_whose_headers_never_come_is_asked_for_again()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var watches = 0;
        cluster.Before = async http =>
        {
            if (!http.Request.Query.ContainsKey("watch"))
            {
                return false;
            }

            Interlocked.Increment(ref watches);
            return await Trouble.NeverAsync(http);
        };
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        using var graph = new TestGraph(time);
        await using var watch = await graph.WatchAsync(session);
        var before = Volatile.Read(ref watches);
        for (var i = 0; i < 400 && Volatile.Read(ref watches) < before + 6; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, Cancellation);
        }

        Assert.True(watches >= before + 6, $"watches asked for: {watches}");
    }

    [Fact]
    public async Task Watch_that_is_silent_is_found_out_by_a_list_and_told()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = async http => http.Request.Query.ContainsKey("watch") && await ListWatchTests.Forever(http);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        using var graph = new TestGraph(time);
        await using var watch = await graph.WatchAsync(session);
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));

        await time.PumpAsync(watch.WhenAsync(pods => pods.Count == 1 ? pods : null, Cancellation), seconds: 60);

        Assert.Contains("FT0320", graph.TimelineText, StringComparison.Ordinal);
        Assert.Contains("the watch of pods", graph.TimelineText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_that_is_doubted_looks_at_once()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = async http => http.Request.Query.ContainsKey("watch") && await ListWatchTests.Forever(http);
        using var session = await cluster.ConnectAsync();
        using var graph = new TestGraph();
        await using var watch = await graph.WatchAsync(session);
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));
        watch.Doubt();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        Assert.Single(await watch.WhenAsync(pods => pods.Count == 1 ? pods : null, limit.Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_that_ends_at_once_is_not_hammered(bool gone)
    {
        await using var cluster = await FakeCluster.StartAsync();
        var watches = 0;
        cluster.Before = async http =>
        {
            if (!http.Request.Query.ContainsKey("watch") || !http.Request.Path.Value!.EndsWith("/pods", StringComparison.Ordinal))
            {
                return false;
            }

            Interlocked.Increment(ref watches);
            return gone
                ? await ListWatchTests.Lines(http, """{"type":"ERROR","object":{"kind":"Status","code":410}}""")
                : await ListWatchTests.Lines(http);
        };
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        using var graph = new TestGraph(time);
        await using var watch = await graph.WatchAsync(session);
        await time.PumpAsync(Task.Delay(TimeSpan.FromSeconds(60), time, Cancellation), seconds: 120);

        Assert.InRange(watches, 2, 20);
    }

    [Fact]
    public async Task Endpoints_that_may_not_be_watched_leave_the_pods_watch_alone()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Before = async http => http.Request.Path.Value!.EndsWith("/endpoints", StringComparison.Ordinal)
            && await FakeApi.StatusAsync(http, 403, "Forbidden", "x cannot list endpoints");
        using var session = await cluster.ConnectAsync();
        using var graph = new TestGraph();
        await using var watch = await graph.WatchAsync(session);
        foreach (var name in new[] { "a", "b", "c" })
        {
            cluster.Put("pods", TestGraph.Pod($"ft-small-decode-{name}"));
            await watch.WhenAsync(pods => pods.Any(p => p.Name.EndsWith(name, StringComparison.Ordinal)) ? pods : null, Cancellation);
        }

        await graph.WhenToldAsync("FT0307", Cancellation);
    }

    [Fact]
    public async Task Owner_that_cannot_be_asked_for_now_is_asked_again_and_keeps_no_other_pod_waiting()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var broken = true;
        cluster.Put(
            "replicasets",
            new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = "ft-small-decode",
                    ["ownerReferences"] = new JsonArray(
                        new JsonObject
                        {
                            ["apiVersion"] = "apps/v1",
                            ["kind"] = "Deployment",
                            ["name"] = "ft-small",
                            ["uid"] = "d",
                            ["controller"] = true,
                        }
                    ),
                },
            }
        );
        cluster.Before = async http =>
            Volatile.Read(ref broken)
            && http.Request.Path.Value!.Contains("/replicasets/", StringComparison.Ordinal)
            && await FakeApi.StatusAsync(http, 500, "InternalError", "etcd leader changed");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await cluster.ConnectAsync(time);
        using var graph = new TestGraph(time);
        await using var watch = await graph.WatchAsync(session);
        var owned = TestGraph.Pod("ft-small-decode-owned");
        owned["metadata"]!.AsObject().Remove("labels");
        owned["metadata"]!["ownerReferences"] = new JsonArray(
            new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = "ReplicaSet",
                ["name"] = "ft-small-decode",
                ["uid"] = "r",
                ["controller"] = true,
            }
        );
        cluster.Put("pods", owned);
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-b"));

        await watch.WhenAsync(pods => pods.Count == 1 && pods[0].Name == "ft-small-decode-b" ? pods : null, Cancellation);
        Volatile.Write(ref broken, false);
        await time.PumpAsync(watch.WhenAsync(pods => pods.Count == 2 ? pods : null, Cancellation), seconds: 60);
    }

    [Fact]
    public async Task Listener_that_asks_the_watch_is_answered()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var session = await cluster.ConnectAsync();
        using var graph = new TestGraph();
        await using var watch = await graph.WatchAsync(session);
        var asked = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.OnTransition(
            (_, _) =>
                asked.TrySetResult(
                    Task.Run(() => watch.WhenAsync(pods => pods.Count > 0 ? pods : null, Cancellation)).GetAwaiter().GetResult().Count
                )
        );
        cluster.Put("pods", TestGraph.Pod("ft-small-decode-a"));

        Assert.Equal(1, await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
    }

    private static async Task<ClusterException> FailsAsync(
        Func<HttpContext, Task<bool>> answer,
        FakeTimeProvider? time = null,
        Func<ClusterSession, Task>? call = null
    )
    {
        await using var api = await FakeApi.StartAsync();
        time ??= new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var session = await api.ConnectAsync(time, retries: 5);
        api.Handle = answer;
        var calling = call?.Invoke(session) ?? session.FindAsync<JsonObject>(ResourceType.ConfigMaps, "x", Cancellation);
        return await Assert.ThrowsAsync<ClusterException>(() => time.PumpAsync(calling, seconds: 300));
    }

    // On the real clock: how fast bytes come is the machine's doing, and a clock that runs ahead of them meets the limits of time first.
    private static async Task<ClusterException> EndlessFailsAsync(Func<HttpContext, Task<bool>> answer)
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync(retries: 5);
        api.Handle = answer;
        return await Assert.ThrowsAsync<ClusterException>(
            () => session.FindAsync<JsonObject>(ResourceType.ConfigMaps, "x", Cancellation));
    }

    private static async Task EachFailsAsync(params Func<Task>[] calls)
    {
        foreach (var call in calls)
        {
            var error = await Record.ExceptionAsync(call);
            var coded = Assert.IsType<ClusterException>(error);
            Assert.Contains(coded.Code, new[] { "FT0309", "FT0311" });
            Assert.DoesNotContain(coded.Message, char.IsControl);
        }
    }
}
