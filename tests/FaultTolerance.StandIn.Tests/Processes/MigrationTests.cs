using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>Requests that go on on another worker, as a real frontend with a migration limit lets them.</summary>
public sealed class MigrationTests
{
    private const int KillSignal = 9;
    private const int Tokens = 150;

    [Theory]
    [InlineData("exact", Tokens)]
    [InlineData("lose", Tokens - 1)]
    [InlineData("double", Tokens + 1)]
    public async Task Stream_onAKilledWorker_goesOnElsewhere(string tokens, int expected)
    {
        await using var graph = await StartAsync(tokens, "--migration-limit", "3");
        var without = await ContentAsync(graph);
        var stream = ContentAsync(graph);

        await KillTheBusyOneAsync(graph, begun: 2);

        var migrated = await stream;
        Assert.Equal(expected, migrated.Split(' ').Length);
        Assert.Equal(tokens == "exact", migrated == without);
        var metrics = await graph.GetTextAsync("/metrics");
        Assert.Contains(
            "dynamo_frontend_model_migration_total{migration_type=\"ongoing_request\",model=\"Qwen/Qwen3-0.6B\"} 1\n",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "error_type=\"\",model=\"Qwen/Qwen3-0.6B\",request_type=\"stream\",status=\"success\"} 2\n",
            metrics,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task NewRequests_thatMeetADeadWorker_areSentAgain()
    {
        await using var graph = await StartAsync("exact", "--migration-limit", "1");
        StandInProcess.Kill(graph["decode-0"].Id, KillSignal);

        for (var i = 0; i < 4; i++)
        {
            using var answer = await graph.ChatAsync(tokens: 1);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Contains(
            "migration_type=\"new_request\",model=\"Qwen/Qwen3-0.6B\"} 1\n",
            await graph.GetTextAsync("/metrics"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Stream_withoutALimit_breaks()
    {
        await using var graph = await StartAsync("exact");
        var stream = AnswerAsync(graph);

        await KillTheBusyOneAsync(graph, begun: 1);

        Assert.Contains("\"error\"", await stream, StringComparison.Ordinal);
    }

    private static async Task<TestGraph> StartAsync(string tokens, params string[] frontend)
    {
        var graph = await TestGraph.StartAsync();
        graph.ChatPath = "/v1/chat/completions";
        graph.Environment["STANDIN_PROFILE"] = "today";
        graph.Environment["DYN_DISCOVERY_BACKEND"] = "file";
        graph.Environment["STANDIN_RECONCILE_SECONDS"] = "600";
        graph.Environment["STANDIN_LEASE_SECONDS"] = "600";
        graph.Environment["STANDIN_MIGRATED_TOKENS"] = tokens;
        graph.Environment["STANDIN_TOKEN_MS"] = "10";
        graph.Addresses = [graph.Worker("decode-0"), graph.Worker("decode-1")];
        await graph.FrontendAsync(frontend);
        await Eventually.TrueAsync(async () => (await graph.GetTextAsync("/health")).Split("instance_id").Length == 3, "two instances");
        return graph;
    }

    /// <summary>Kills the worker that has the request, once <paramref name="begun"/> requests in all have had a token.</summary>
    private static async Task KillTheBusyOneAsync(TestGraph graph, int begun)
    {
        await Eventually.TrueAsync(
            async () => (await graph.GetTextAsync("/metrics"))
                .Contains($"dynamo_frontend_time_to_first_token_seconds_count {begun}\n", StringComparison.Ordinal),
            $"{begun} requests with a token");
        var busy = await Eventually.NotNullAsync(
            async () =>
            {
                for (var i = 0; i < graph.Addresses.Count; i++)
                {
                    if (
                        (await graph.GetTextAsync("/metrics", graph.Addresses[i])).Contains(
                            "\ndynamo_component_inflight_requests{dynamo_component=\"backend\",dynamo_endpoint=\"generate\",dynamo_namespace=\"dn\",model=\"Qwen/Qwen3-0.6B\"} 1\n",
                            StringComparison.Ordinal
                        )
                    )
                    {
                        return $"decode-{i}";
                    }
                }

                return null;
            },
            "a worker with the request");
        StandInProcess.Kill(graph[busy].Id, KillSignal);
    }

    private static async Task<string> AnswerAsync(TestGraph graph)
    {
        using var answer = await graph.ChatAsync(Tokens, stream: true);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> ContentAsync(TestGraph graph) => string.Concat((await AnswerAsync(graph))
        .Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line != "data: [DONE]")
        .Select(line => JsonNode.Parse(line["data: ".Length..])!["choices"]![0]!["delta"]!["content"]?.GetValue<string>()));
}
