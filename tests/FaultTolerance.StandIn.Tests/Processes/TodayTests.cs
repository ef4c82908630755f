using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>Profile today: states, codes and bodies as a Dynamo of 2026 gave them.</summary>
public sealed class TodayTests
{
    private const int Interrupt = 2;
    private const int KillSignal = 9;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const string Gone = """{"message":"Service temporarily unavailable","type":"Service Unavailable","code":503}""";
    private const string NotReady =
        """{"message":"Model `Qwen/Qwen3-0.6B` is not ready to serve requests yet. The deployment may still be starting up or is not fully provisioned. Please retry shortly.","type":"Service Unavailable","code":503}""";

    [Fact]
    public async Task Chat_noWorkerEver_answers404WithoutABody_andTheFrontendIsHealthy()
    {
        await using var graph = await StartAsync("file");
        await graph.FrontendAsync();

        Assert.Equal((HttpStatusCode.NotFound, ""), await AnswerAsync(graph));
        Assert.Equal(HttpStatusCode.OK, await graph.TryGetAsync("/health"));
        Assert.Equal("""{"object":"list","data":[]}""", await graph.GetTextAsync("/v1/models"));
    }

    [Fact]
    public async Task Chat_ofAnotherModel_isNotFound_andTwoSlashesAreAnotherPath()
    {
        await using var graph = await StartAsync("file");
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await ServesAsync(graph);

        Assert.Equal(
            (HttpStatusCode.NotFound, """{"message":"Model not found","type":"Not Found","code":404}"""),
            await AnswerAsync(graph, model: "other")
        );
        graph.ChatPath = "//v1/chat/completions";
        Assert.Equal(
            (HttpStatusCode.NotFound, """{"message":"Route not found: POST //v1/chat/completions","type":"Not Found","code":404}"""),
            await AnswerAsync(graph)
        );
    }

    [Fact]
    public async Task Chat_longerThanTheContext_isRefusedWithTheLimit()
    {
        await using var graph = await StartAsync("file");
        graph.Worker("decode-0", arguments: ["--max-model-len", "64"]);
        await graph.FrontendAsync();
        await ServesAsync(graph);

        Assert.Equal(
            (
                HttpStatusCode.BadRequest,
                """{"message":"Invalid request","type":"Bad Request","code":400,"details":{"type":"context_length","limit":64,"actual":108}}"""
            ),
            await AnswerAsync(graph, tokens: 100)
        );
    }

    [Fact]
    public async Task Worker_killed_breaksWhatItHas_thenIsKnownUntilItsLeaseIsOver()
    {
        await using var graph = await StartAsync("file");
        graph.Environment["STANDIN_LEASE_SECONDS"] = "6";
        graph.Environment["STANDIN_RECONCILE_SECONDS"] = "3";
        graph.Environment["STANDIN_TOKEN_MS"] = "20";
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await ServesAsync(graph);
        var stream = AnswerAsync(graph, tokens: 10_000, stream: true);
        var whole = AnswerAsync(graph, tokens: 10_000);
        await InFlightAsync(graph, 2);

        StandInProcess.Kill(graph["decode-0"].Id, KillSignal);

        var (status, text) = await stream;
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.EndsWith(
            "data: {\"error\":{\"message\":\"Service temporarily unavailable\",\"type\":\"service_unavailable\",\"code\":503}}\n\ndata: [DONE]\n\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Equal((HttpStatusCode.ServiceUnavailable, Gone), await whole);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, NotReady), await AnswerAsync(graph));
        await Eventually.TrueAsync(
            async () => await AnswerAsync(graph) == (HttpStatusCode.ServiceUnavailable, Gone),
            "the dead worker asked again"
        );
        await Eventually.TrueAsync(async () => await AnswerAsync(graph) == (HttpStatusCode.NotFound, ""), "the route off");
    }

    [Fact]
    public async Task Worker_killedBesideAnother_isAskedAgainAndAgain_untilItsLeaseIsOver()
    {
        await using var graph = await StartAsync("etcd");
        graph.Environment["STANDIN_LEASE_SECONDS"] = "6";
        graph.Environment["STANDIN_RECONCILE_SECONDS"] = "0.8";
        graph.Worker("decode-0");
        graph.Worker("decode-1");
        await graph.FrontendAsync();
        await Eventually.TrueAsync(async () => await InstancesAsync(graph) == 2, "two instances");

        // The pod goes with its process, as when it is deleted: what is known by lease stays known.
        StandInProcess.Kill(graph["decode-0"].Id, KillSignal);
        graph.Kubernetes.Delete(TestGraph.Pods, "decode-0");

        var turns = new List<bool>();
        await Eventually.TrueAsync(
            async () =>
            {
                var answer = await AnswerAsync(graph);
                Assert.True(answer.Status == HttpStatusCode.OK || answer == (HttpStatusCode.ServiceUnavailable, Gone), answer.Body);
                if (turns.Count == 0 || turns[^1] != (answer.Status == HttpStatusCode.OK))
                {
                    turns.Add(answer.Status == HttpStatusCode.OK);
                }

                return turns.Count(ok => !ok) >= 3;
            },
            "the dead worker asked three times, and the other one serving between");
        await Eventually.TrueAsync(async () => await InstancesAsync(graph) == 1, "the lease over");
        Assert.Equal(HttpStatusCode.OK, (await AnswerAsync(graph)).Status);
    }

    private static async Task<int> InstancesAsync(TestGraph graph) => (await graph.GetTextAsync("/health")).Split("instance_id").Length - 1;

    [Fact]
    public async Task Worker_thatIsBack_servesBesideItsDeadInstance()
    {
        await using var graph = await StartAsync("etcd");
        graph.Environment["STANDIN_LEASE_SECONDS"] = "600";
        graph.Environment["STANDIN_RECONCILE_SECONDS"] = "600";
        var address = graph.Worker("decode-0");
        await graph.FrontendAsync();
        await ServesAsync(graph);

        StandInProcess.Kill(graph["decode-0"].Id, KillSignal);
        await graph.RestartAsync("decode-0", address);
        await Eventually.TrueAsync(async () => (await graph.GetTextAsync("/health")).Split("instance_id").Length == 3, "two instances");

        var answers = new[] { await AnswerAsync(graph), await AnswerAsync(graph), await AnswerAsync(graph), await AnswerAsync(graph) };
        Assert.Equal((HttpStatusCode.ServiceUnavailable, Gone), Assert.Single(answers, answer => answer.Status != HttpStatusCode.OK));
    }

    [Fact]
    public async Task Worker_stopped_costsADeadlineEach_andIsForgottenWithItsLease()
    {
        await using var graph = await StartAsync("file");
        graph.Environment["STANDIN_LEASE_SECONDS"] = "8";
        graph.Environment["STANDIN_REQUEST_TIMEOUT_SECONDS"] = "1";
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await ServesAsync(graph);

        await StandInProcess.StopAsync(graph["decode-0"].Id);
        try
        {
            var start = Stopwatch.GetTimestamp();
            Assert.Equal(
                (HttpStatusCode.GatewayTimeout, """{"message":"Request deadline exceeded","type":"Gateway Timeout","code":504}"""),
                await AnswerAsync(graph)
            );
            Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(1));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, NotReady), await AnswerAsync(graph));
            await Eventually.TrueAsync(async () => await AnswerAsync(graph) == (HttpStatusCode.NotFound, ""), "the route off");
        }
        finally
        {
            StandInProcess.Kill(graph["decode-0"].Id, Continue);
        }
    }

    [Theory]
    [InlineData("file", false)]
    [InlineData("etcd", true)]
    public async Task Worker_stoppedForLongerThanItsLease_endsItselfWithEtcdOnly(string discovery, bool ends)
    {
        await using var graph = await StartAsync(discovery);
        graph.Environment["STANDIN_LEASE_SECONDS"] = "3";
        graph.Environment["STANDIN_REQUEST_TIMEOUT_SECONDS"] = "0.2";
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await ServesAsync(graph);

        var stopped = Stopwatch.GetTimestamp();
        await StandInProcess.StopAsync(graph["decode-0"].Id);
        await Eventually.TrueAsync(
            async () =>
                await AnswerAsync(graph) == (HttpStatusCode.NotFound, "") && Stopwatch.GetElapsedTime(stopped) > TimeSpan.FromSeconds(3),
            "the lease is over"
        );
        StandInProcess.Kill(graph["decode-0"].Id, Continue);

        if (ends)
        {
            Assert.Equal(1, await graph["decode-0"].ExitCodeAsync());
            await graph.LogAsync("decode-0", "Keep-alive lease expired");
        }
        else
        {
            Assert.Equal((HttpStatusCode.NotFound, ""), await AnswerAsync(graph));
            Assert.False(graph["decode-0"].HasExited);
        }
    }

    [Theory]
    [InlineData("file", Interrupt, HttpStatusCode.NotFound)]
    [InlineData("kubernetes", Terminate, HttpStatusCode.NotFound)]
    [InlineData("etcd", Interrupt, HttpStatusCode.ServiceUnavailable)]
    public async Task Worker_toldToStop_leavesAtOnceAndFinishesWhatItHas(string discovery, int signal, HttpStatusCode meanwhile)
    {
        await using var graph = await StartAsync(discovery);
        graph.Environment["STANDIN_TOKEN_MS"] = "20";
        graph.Environment["DYN_GRACEFUL_SHUTDOWN_GRACE_PERIOD_SECS"] = "0";
        var address = graph.Worker("decode-0");
        graph.Pod("decode-0", address, "decode", ready: true);
        await graph.FrontendAsync();
        await ServesAsync(graph);
        var stream = AnswerAsync(graph, tokens: 150, stream: true);
        await InFlightAsync(graph, 1);

        StandInProcess.Kill(graph["decode-0"].Id, signal);

        await Eventually.TrueAsync(async () => (await AnswerAsync(graph, tokens: 1)).Status == meanwhile, $"{meanwhile} while it drains");
        Assert.False(stream.IsCompleted);
        var (status, text) = await stream;
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(150, TokensOf(text));
        Assert.Equal(0, await graph["decode-0"].ExitCodeAsync());
        await Eventually.TrueAsync(async () => await AnswerAsync(graph) == (HttpStatusCode.NotFound, ""), "the route off");
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task Frontend_toldToStop_refusesWhatIsNewAndFinishesWhatItHas(int signal)
    {
        await using var graph = await StartAsync("file");
        graph.Environment["STANDIN_TOKEN_MS"] = "20";
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await ServesAsync(graph);
        var stream = AnswerAsync(graph, tokens: 150, stream: true);
        await InFlightAsync(graph, 1);

        StandInProcess.Kill(graph["frontend"].Id, signal);

        await Eventually.TrueAsync(async () => await graph.TryGetAsync("/health") == HttpStatusCode.ServiceUnavailable, "draining");
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, """{"message":"Service is not ready","type":"Service Unavailable","code":503}"""),
            await AnswerAsync(graph)
        );
        Assert.Equal(HttpStatusCode.OK, await graph.TryGetAsync("/live"));
        Assert.Equal(150, TokensOf((await stream).Body));
        Assert.Equal(0, await graph["frontend"].ExitCodeAsync());
    }

    [Fact]
    public async Task PrefillWorker_gone_isMissedThoughADecodeWorkerIsThere()
    {
        await using var graph = await StartAsync("etcd");
        graph.Environment["STANDIN_LEASE_SECONDS"] = "6";
        graph.Environment["DYN_GRACEFUL_SHUTDOWN_GRACE_PERIOD_SECS"] = "0";
        graph.Worker("decode-0", arguments: ["--disaggregation-mode", "decode"]);
        await graph.FrontendAsync();
        await graph.LogAsync("frontend", "worker decode-0 ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, NotReady), await AnswerAsync(graph));

        graph.Worker("prefill-0", prefill: true);
        await ServesAsync(graph);
        Assert.Equal(HttpStatusCode.OK, (await AnswerAsync(graph)).Status);

        StandInProcess.Kill(graph["prefill-0"].Id, KillSignal);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, Gone),
            await Eventually.NotNullAsync(
                async () => await AnswerAsync(graph) is (not HttpStatusCode.OK, _) and var answer ? (object)answer : null,
                "a failure"
            )
        );
        await Eventually.TrueAsync(
            async () => await AnswerAsync(graph) == (HttpStatusCode.ServiceUnavailable, NotReady),
            "the lease is over"
        );
    }

    [Fact]
    public async Task Worker_discoveredByKubernetes_countsWhileItsPodIsReady()
    {
        await using var graph = await StartAsync("kubernetes");
        var address = graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.LogAsync("frontend", "worker decode-0 ready");
        Assert.Equal((HttpStatusCode.NotFound, ""), await AnswerAsync(graph));

        graph.Pod("decode-0", address, "decode", ready: true);
        await ServesAsync(graph);

        graph.Pod("decode-0", address, "decode", ready: false);
        await Eventually.TrueAsync(async () => await AnswerAsync(graph) == (HttpStatusCode.NotFound, ""), "the route off");
    }

    [Theory]
    [InlineData("released", "Committed discovered model group", "worker for Qwen/Qwen3-0.6B has been initialized", "added model")]
    [InlineData(
        "source",
        "\"message\":\"added model\",\"model_name\":\"Qwen/Qwen3-0.6B\"",
        "VllmWorker for Qwen/Qwen3-0.6B has been initialized",
        "Committed"
    )]
    public async Task Logs_readyTexts_areThoseOfTheVersion(string texts, string frontend, string worker, string never)
    {
        await using var graph = await StartAsync("file");
        graph.Environment["STANDIN_TEXTS"] = texts;
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await ServesAsync(graph);

        await graph.LogAsync("frontend", frontend);
        await graph.LogAsync("frontend", "Chat completions is ready");
        await graph.LogAsync("decode-0", worker);
        Assert.DoesNotContain(graph["frontend"].Lines, line => line.Contains(never, StringComparison.Ordinal));
    }

    private static async Task<TestGraph> StartAsync(string discovery)
    {
        var graph = await TestGraph.StartAsync();
        graph.ChatPath = "/v1/chat/completions";
        graph.Environment["STANDIN_PROFILE"] = "today";
        graph.Environment["DYN_DISCOVERY_BACKEND"] = discovery;
        return graph;
    }

    private static Task ServesAsync(TestGraph graph) => Eventually.TrueAsync(
        async () => (await graph.GetTextAsync("/v1/models")).Contains(TestGraph.Model, StringComparison.Ordinal), "the model is served");

    private static Task InFlightAsync(TestGraph graph, int count) =>
        Eventually.TrueAsync(
            async () =>
                (await graph.GetTextAsync("/metrics")).Contains(
                    $"dynamo_frontend_time_to_first_token_seconds_count {count}\n",
                    StringComparison.Ordinal
                ),
            $"{count} requests have a first token"
        );

    private static async Task<(HttpStatusCode Status, string Body)> AnswerAsync(
        TestGraph graph,
        int tokens = 2,
        bool stream = false,
        string model = TestGraph.Model
    )
    {
        using var answer = await graph.ChatAsync(tokens, stream, model);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static int TokensOf(string stream) =>
        string.Concat(
                stream
                    .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                    .Where(line => line != "data: [DONE]")
                    .Select(line => JsonNode.Parse(line["data: ".Length..])!["choices"]![0]!["delta"]!["content"]?.GetValue<string>())
            )
            .Split(' ')
            .Length;
}
