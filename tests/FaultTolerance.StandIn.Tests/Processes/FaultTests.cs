using System.Net;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

public sealed class FaultTests
{
    private const int Interrupt = 2;
    private const int KillSignal = 9;
    private const int Terminate = 15;

    [Fact]
    public async Task EngineCore_killed_endsTheWorkerWithAnError()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0");
        await graph.LogAsync("decode-0", "has been initialized");

        StandInProcess.Kill(Assert.Single(graph["decode-0"].Children("VLLM::EngineCore")), KillSignal);

        Assert.Equal(1, await graph["decode-0"].ExitCodeAsync());
    }

    [Theory]
    [InlineData(Interrupt, 0)]
    [InlineData(Terminate, 0)]
    [InlineData(KillSignal, 128 + KillSignal)]
    public async Task Worker_signalled_takesItsEngineCoreWithIt(int signal, int expected)
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0");
        await graph.LogAsync("decode-0", "has been initialized");
        var core = Assert.Single(graph["decode-0"].Children("VLLM::EngineCore"));

        StandInProcess.Kill(graph["decode-0"].Id, signal);

        Assert.Equal(expected, await graph["decode-0"].ExitCodeAsync());
        await Eventually.TrueAsync(() => !StandInProcess.IsAlive(core), "the engine core is gone");
    }

    [Fact]
    public async Task Request_inFlightOnAKilledWorker_fails_andLaterOnesGoToTheOther()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Environment["STANDIN_TOKEN_MS"] = "100";
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);
        var doomed = graph.ChatAsync(tokens: 100_000);
        await Eventually.TrueAsync(
            async () => (await graph.GetTextAsync("/metrics")).Contains("inflight_requests 1\n", StringComparison.Ordinal),
            "a request in flight"
        );
        graph.Worker("decode-1");
        await graph.WorkersReadyAsync(2);

        StandInProcess.Kill(graph["decode-0"].Id, KillSignal);

        using var failed = await doomed;
        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        await graph.WorkersReadyAsync(1);
        for (var i = 0; i < 4; i++)
        {
            using var answer = await graph.ChatAsync(tokens: 1);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Worker_restartedInPlace_isFoundAgainWithoutNewsFromTheApi()
    {
        await using var graph = await TestGraph.StartAsync();
        var address = graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);
        StandInProcess.Kill(graph["decode-0"].Id, KillSignal);
        await graph.WorkersReadyAsync(0);
        using (var during = await graph.ChatAsync())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, during.StatusCode);
        }

        await graph.RestartAsync("decode-0", address);

        await graph.WorkersReadyAsync(1);
        using var after = await graph.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal(2, graph["frontend"].Lines.Count(line => line.Contains("added model", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Pod_deletedFromTheApi_isNoLongerAsked_andOneAddedAfterTheWatchEndedIs()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);

        graph.Kubernetes.Delete(TestGraph.Pods, "decode-0");
        await graph.WorkersReadyAsync(0);
        graph.Kubernetes.EndWatches();
        graph.Worker("decode-1");

        await graph.WorkersReadyAsync(1);
    }

    [Fact]
    public async Task PrefillEngineCore_killedWithNoOtherLeft_takesTheDecodeWorkerDown()
    {
        await using var graph = await DisaggregatedAsync(prefillWorkers: 1);

        StandInProcess.Kill(Assert.Single(graph["prefill-0"].Children("VLLM::EngineCore")), KillSignal);

        Assert.Equal(1, await graph["prefill-0"].ExitCodeAsync());
        Assert.Equal(1, await graph["decode-0"].ExitCodeAsync());
    }

    [Fact]
    public async Task PrefillEngineCore_killedWithAnotherLeft_leavesDecodeServing()
    {
        await using var graph = await DisaggregatedAsync(prefillWorkers: 2);

        StandInProcess.Kill(Assert.Single(graph["prefill-0"].Children("VLLM::EngineCore")), KillSignal);

        Assert.Equal(1, await graph["prefill-0"].ExitCodeAsync());
        await graph.LogAsync("decode-0", "prefill worker prefill-0 lost (EngineDead)");
        using var answer = await graph.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(graph["decode-0"].HasExited);
    }

    [Theory]
    [InlineData(Interrupt, "Bye")]
    [InlineData(KillSignal, "Broken")]
    public async Task PrefillWorker_killed_leavesDecodeToDoThePrefill(int signal, string loss)
    {
        await using var graph = await DisaggregatedAsync(prefillWorkers: 1);

        StandInProcess.Kill(graph["prefill-0"].Id, signal);

        await graph.LogAsync("decode-0", $"prefill worker prefill-0 lost ({loss})");
        using var answer = await graph.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(graph["decode-0"].HasExited);
    }

    /// <summary>One decode worker that knows its prefill workers: a request has gone through each.</summary>
    private static async Task<TestGraph> DisaggregatedAsync(int prefillWorkers)
    {
        var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0");
        var addresses = Enumerable.Range(0, prefillWorkers).Select(i => graph.Worker($"prefill-{i}", prefill: true)).ToList();
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);
        foreach (var address in addresses)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    using var answer = await graph.ChatAsync(tokens: 1);
                    return (await graph.GetTextAsync("/metrics", address)).Contains(
                            "dynamo_component_requests_total",
                            StringComparison.Ordinal
                        )
                        && !(await graph.GetTextAsync("/metrics", address)).Contains(
                            "model=\"Qwen/Qwen3-0.6B\"} 0\n# HELP dynamo_component_errors",
                            StringComparison.Ordinal
                        );
                },
                $"a prefill on {address}");
        }

        return graph;
    }
}
