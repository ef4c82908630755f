using System.Net;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>Each engine's processes, its ready text, and what follows when a part of it dies.</summary>
public sealed class EngineTests
{
    private const int KillSignal = 9;

    [Theory]
    [InlineData("dynamo.vllm", "--model", new[] { "VLLM::EngineCore" }, "VllmWorker for Qwen/Qwen3-0.6B has been initialized")]
    [InlineData(
        "dynamo.vllm",
        "--data-parallel-size=2 --model",
        new[] { "VLLM::EngineCore_DP0", "VLLM::EngineCore_DP1" },
        "has been initialized"
    )]
    [InlineData(
        "dynamo.sglang",
        "--model-path",
        new[] { "sglang::detokenizer", "sglang::scheduler" },
        "Model registration succeeded; processing queued requests"
    )]
    [InlineData(
        "dynamo.sglang",
        "--tp 2 --model-path",
        new[] { "sglang::detokenizer", "sglang::scheduler_TP0", "sglang::scheduler_TP1" },
        "Decode worker handler initialized"
    )]
    [InlineData("dynamo.trtllm", "--model-path", new[] { "mpi4py.futures.server" }, "TRT-LLM engine health monitor started.")]
    [InlineData("dynamo.mocker", "--num-workers 2 --model-path", new string[0], "All 2 mocker worker(s) created and running")]
    public async Task Worker_ofEachEngine_hasItsProcessesAndItsText(string module, string options, string[] processes, string text)
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Engine("decode-0", module, [.. options.Split(' '), TestGraph.Model]);
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);

        await graph.LogAsync("decode-0", text);
        Assert.Equal(
            processes,
            StandInProcess.ChildrenOf(graph["decode-0"].Id, "").Select(id => StandInProcess.NameOf(id)).Order(StringComparer.Ordinal)
        );
        Assert.Contains(module, graph["decode-0"].CommandLine(), StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await graph.ChatAsync(tokens: 20, stream: i == 1);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("sglang::scheduler")]
    [InlineData("sglang::detokenizer")]
    public async Task Sglang_partKilled_staysAZombie_andNoRequestEndsAnyMore(string part)
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Engine("decode-0", "dynamo.sglang", "--model-path", TestGraph.Model);
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);
        var victim = Assert.Single(graph["decode-0"].Children(part));

        StandInProcess.Kill(victim, KillSignal);

        await Eventually.TrueAsync(() => StandInProcess.StateOf(victim) == 'Z', "a zombie");
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        impatient.CancelAfter(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => graph.ChatAsync(tokens: 1, cancellation: impatient.Token));
        Assert.Equal('Z', StandInProcess.StateOf(victim));
        Assert.False(graph["decode-0"].HasExited);
        StandInProcess.Kill(graph["decode-0"].Id, 15);
        Assert.Equal(0, await graph["decode-0"].ExitCodeAsync());
    }

    [Fact]
    public async Task Trtllm_engineKilled_endsTheWorkerWithItsText()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Engine("decode-0", "dynamo.trtllm", "--model-path", TestGraph.Model);
        await graph.LogAsync("decode-0", "monitor started");

        StandInProcess.Kill(Assert.Single(graph["decode-0"].Children("mpi4py")), KillSignal);

        Assert.Equal(1, await graph["decode-0"].ExitCodeAsync());
        await graph.LogAsync("decode-0", "TRT-LLM engine is unhealthy");
    }

    [Fact]
    public async Task Trtllm_ofTheSource_hasItsOtherName()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Environment["STANDIN_PROFILE"] = "today";
        graph.Environment["STANDIN_TEXTS"] = "source";
        graph.Engine("decode-0", "dynamo.trtllm", "--model-path", TestGraph.Model);

        await Eventually.TrueAsync(() => graph["decode-0"].Children("TRTLLM:EngineCore").Count == 1, "the engine core");
    }

    [Fact]
    public async Task Vllm_ofToday_hasAWorkerBelowItsCore()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Environment["STANDIN_PROFILE"] = "today";
        graph.Worker("decode-0");
        await graph.LogAsync("decode-0", "has been initialized");

        var core = Assert.Single(graph["decode-0"].Children("VLLM::EngineCore"));

        await Eventually.TrueAsync(() => StandInProcess.ChildrenOf(core, "VLLM::Worker").Count == 1, "a worker");
    }

    [Fact]
    public async Task FailoverPod_activeEngineKilled_theOtherServes()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Environment["ENGINE_ID"] = "0";
        var address = graph.Worker("decode-0");
        await graph.LogAsync("decode-0", "has been initialized");
        graph.Environment["ENGINE_ID"] = "1";
        graph.Environment["DYN_SYSTEM_PORT"] = "9091";
        graph.Beside("shadow", address, "dynamo.vllm", "--model", TestGraph.Model);
        await graph.LogAsync("shadow", "engine 1 stands by");
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);

        StandInProcess.Kill(graph["decode-0"].Id, KillSignal);

        await graph.LogAsync("shadow", "has been initialized");
        // The frontend may not have seen the end of the first one's connection yet.
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await graph.ChatAsync();
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "the other one serves");
    }

    [Fact]
    public async Task Headless_node_takesNoRequests_andEndsWithItsEngine()
    {
        await using var graph = await TestGraph.StartAsync();
        var address = graph.Worker("decode-1", arguments: ["--nnodes", "2", "--node-rank", "1"]);
        await graph.LogAsync("decode-1", "takes no requests");

        Assert.Null(await graph.TryGetAsync("/live", address));
        StandInProcess.Kill(Assert.Single(graph["decode-1"].Children("VLLM::EngineCore")), KillSignal);

        Assert.Equal(1, await graph["decode-1"].ExitCodeAsync());
    }
}
