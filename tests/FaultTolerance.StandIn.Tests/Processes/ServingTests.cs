using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

public sealed class ServingTests
{
    [Fact]
    public async Task Frontend_withoutWorker_answers503()
    {
        await using var graph = await TestGraph.StartAsync();
        await graph.FrontendAsync();

        using var answer = await graph.ChatAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("service_unavailable", (await BodyAsync(answer))["error"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Frontend_thatIsPatient_answersOnceAWorkerIsThere()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Environment["STANDIN_PATIENCE_MS"] = "60000";
        await graph.FrontendAsync();

        var answer = graph.ChatAsync();
        graph.Worker("decode-0");

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        (await answer).Dispose();
    }

    [Fact]
    public async Task Chat_hundredTokens_givesThemAllAndUsage()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);

        using var answer = await graph.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await BodyAsync(answer);
        Assert.Equal(100, body["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal("length", body["choices"]![0]!["finish_reason"]!.GetValue<string>());
        var content = body["choices"]![0]!["message"]!["content"]!.GetValue<string>();
        Assert.Equal(100, content.Split(' ').Length);
        Assert.True(content.Length >= 100);
        await graph.LogAsync("frontend", $"added model {TestGraph.Model}");
        await graph.LogAsync("decode-0", $"VllmWorker for {TestGraph.Model} has been initialized");
    }

    [Fact]
    public async Task Chat_streaming_endsWithDone()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);

        using var answer = await graph.ChatAsync(tokens: 40, stream: true);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var events = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split(
            "\n\n",
            StringSplitOptions.RemoveEmptyEntries
        );
        Assert.Equal("data: [DONE]", events[^1]);
        var content = string.Concat(
            events[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!["choices"]![0]!["delta"]!["content"]?.GetValue<string>())
        );
        Assert.Equal(40, content.Split(' ').Length);
    }

    [Fact]
    public async Task Chat_longerThanTheModelsContext_isRefusedInVllmsWordsAndAShorterOneAnswered()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0", arguments: ["--max-model-len", "64"]);
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);

        using var tooLong = await graph.ChatAsync(tokens: 100);
        using var shorter = await graph.ChatAsync(tokens: 10);

        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        Assert.StartsWith(
            "This model's maximum context length is 64 tokens. However, you requested ",
            (await BodyAsync(tooLong))["error"]!["message"]!.GetValue<string>(),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, shorter.StatusCode);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"Qwen/Qwen3-0.6B","messages":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"other","messages":[{"role":"user","content":"x"}]}""", HttpStatusCode.NotFound)]
    public async Task Chat_badRequest_isRefusedInOpenAiForm(string body, HttpStatusCode expected)
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);

        using var answer = await graph.PostAsync(body);

        Assert.Equal(expected, answer.StatusCode);
        Assert.NotNull((await BodyAsync(answer))["error"]!["message"]);
    }

    [Fact]
    public async Task Worker_beforeItsEngineIsInitialised_isLiveButNotHealthy()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Environment["STANDIN_ENGINE_START_SECONDS"] = "600";
        var address = graph.Worker("decode-0");

        await Eventually.TrueAsync(async () => await graph.TryGetAsync("/live", address) == HttpStatusCode.OK, "the worker is live");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await graph.TryGetAsync("/health", address));
    }

    [Fact]
    public async Task Worker_processNames_areThoseThatInjectorsLookFor()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Worker("decode-0", arguments: ["--tensor-parallel-size", "2"]);
        await graph.LogAsync("decode-0", "has been initialized");

        var worker = graph["decode-0"];
        var core = Assert.Single(worker.Children("VLLM::EngineCore"));

        Assert.Contains("dynamo.vllm", worker.CommandLine(), StringComparison.Ordinal);
        Assert.DoesNotContain("VLLM::EngineCore", worker.CommandLine(), StringComparison.Ordinal);
        Assert.Empty(worker.Children("dynamo.vllm"));
        await Eventually.TrueAsync(() => StandInProcess.ChildrenOf(core, "VLLM::Worker_TP").Count == 2, "two ranks");
    }

    [Fact]
    public async Task Client_goingAway_cancelsItsRequest()
    {
        await using var graph = await TestGraph.StartAsync();
        graph.Environment["STANDIN_TOKEN_MS"] = "100";
        graph.Worker("decode-0");
        await graph.FrontendAsync();
        await graph.WorkersReadyAsync(1);

        var answer = await graph.ChatAsync(tokens: 100_000, stream: true, until: HttpCompletionOption.ResponseHeadersRead);
        answer.Dispose();

        await Eventually.TrueAsync(
            async () =>
                (await graph.GetTextAsync("/metrics")).Contains("dynamo_frontend_inflight_requests 0\n", StringComparison.Ordinal)
                && (await graph.GetTextAsync("/metrics")).Contains(
                    "error_type=\"cancelled\",model=\"Qwen/Qwen3-0.6B\",request_type=\"stream\",status=\"error\"} 1\n",
                    StringComparison.Ordinal
                ),
            "the request counted as cancelled"
        );
    }

    private static async Task<JsonObject> BodyAsync(HttpResponseMessage answer) =>
        (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
}
