using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using NJsonSchema;

namespace FaultTolerance.Tests.Scenarios;

/// <summary>The schema that editors use and the reader agree.</summary>
public sealed class ScenarioSchemaTests
{
    private static readonly JsonDocumentOptions Tolerant = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [Fact]
    public async Task Schema_takes_the_own_file()
    {
        var schema = await JsonSchema.FromFileAsync(RepositoryFiles.Schema, TestContext.Current.CancellationToken);

        Assert.Empty(schema.Validate(Own().ToJsonString()));
    }

    [Fact]
    public void Schema_of_checks_is_what_the_checks_say()
    {
        var written = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Schema))!["definitions"]!["check"]!.AsObject();

        var expected = CheckSchema.Of(written, CheckCatalog.Default.Vocabulary.Checks);

        Assert.True(
            JsonNode.DeepEquals(expected, written),
            $"definitions.check of scenarios.schema.json should be {expected.ToJsonString()}"
        );
    }

    public static TheoryData<string, string> Mistakes => new()
    {
        { "$.loads.quick.clients", "0" },
        { "$.loads.quick.clients", "\"ten\"" },
        { "$.loads.quick.clients", "null" },
        { "$.loads.quick.timeout", "null" },
        { "$.loads.quick.client", "1" },
        { "$.loads.quick.ratePerClient", "0" },
        { "$.loads.quick.timeout", "-1" },
        { "$.loads.quick.inputTokens", "0" },
        { "$.loads.quick.inputTokens", "{\"mean\":5}" },
        { "$.loads.quick.inputTokens", "{\"kind\":\"normal\",\"mean\":5}" },
        { "$.loads.quick.inputTokens", "{\"kind\":\"normal\",\"mean\":5,\"deviation\":-1}" },
        { "$.loads.quick.outputTokens", "{\"kind\":\"mixture\",\"parts\":[]}" },
        { "$.loads.quick.outputTokens", "{\"kind\":\"mixture\",\"parts\":[{\"weight\":0,\"tokens\":5}]}" },
        { "$.loads.quick.outputTokens", "{\"kind\":\"mixture\",\"parts\":[{\"tokens\":{\"kind\":\"mixture\",\"parts\":[{\"tokens\":5}]}}]}" },
        { "$.loads.quick.sharedPrefix", "{\"groups\":2}" },
        { "$.loads.quick.sessions", "{\"turns\":1}" },
        { "$.loads.quick.prompts", "\"\"" },
        { "$.loads.quick.trace", "1" },
        { "$.loads.quick.traceSpeed", "0" },
        { "$.loads.quick.mode", "\"opened\"" },
        { "$.deployments.agg-tp-1-dp-1.replicas", "1.5" },
        { "$.deployments.agg-tp-1-dp-1.roles", "[\"decoder\"]" },
        { "$.deployments.agg-tp-1-dp-1.roles", "[\"decode\", \"decode\"]" },
        { "$.deployments.agg-tp-1-dp-1.roles", "null" },
        { "$.deployments.agg-tp-1-dp-1.replicas", "null" },
        { "$.deployments.agg-tp-1-dp-1.manifest", "null" },
        { "$.deployments.agg-tp-1-dp-1.manifest", "7" },
        { "$.failures.frontend.kind", "\"kill\"" },
        { "$.failures.frontend.signal", "\"KILL\"" },
        { "$.failures.frontend.signal", "\"SIGSTOP\"" },
        { "$.failures.frontend.signal", "\"SIGCONT\"" },
        { "$.failures.frontend.process", "7" },
        { "$.failures.frontend.target", "7" },
        { "$.failures.frontend.after", "null" },
        { "$.failures.frontend.select", "\"first\"" },
        { "$.failures.frontend.evenDown", "1" },
        { "$.failures.frontend.evenDown", "null" },
        { "$.failures.frontend.pods", "\"150%\"" },
        { "$.failures.frontend.pods", "0" },
        { "$.failures.frontend_pod.signal", "\"SIGINT\"" },
        { "$.profiles.quick.after", "-1" },
        { "$.profiles.quick.after", "null" },
        { "$.profiles.quick.environment", "7" },
        { "$.profiles.quick.services", "{\"frontend\":1}" },
        { "$.profiles.quick.lode", "\"quick\"" },
        { "$.profiles.open.from", "1" },
        { "$.profiles.more", "{\"after\":1}" },
        { "$.readyTexts", "[{\"services\":[\"A\"]}]" },
        { "$.readyTexts", "[{\"text\":\"\"}]" },
        { "$.readyTexts", "[{\"text\":\"a\",\"service\":\"A\"}]" },
        { "$.matrix", "[{\"deployments\":[]}]" },
        { "$.matrices", "[]" },
        { "$.checks", "[{}]" },
        { "$.checks", "[{\"scenarios\":[\"*\"]}]" },
        { "$.checks", "[{\"outageAtMost\":-1}]" },
        { "$.checks", "[{\"outageAtMost\":\"5 s\"}]" },
        { "$.checks", "[{\"outage\":5}]" },
        { "$.checks", "[{\"successAfterAtLeast\":1.5}]" },
        { "$.checks", "[{\"lostAtMost\":1.5}]" },
        { "$.checks", "[{\"recoveryAtMost\":{\"pod_redy\":5}}]" },
        { "$.checks", "[{\"latencyAgainstBefore\":{\"p50\":2}}]" },
        { "$.checks", "[{\"logs\":[{\"service\":\"Frontend\"}]}]" },
        { "$.checks", "[{\"logs\":[{\"contains\":\"a\",\"containsNot\":\"b\"}]}]" },
        { "$.checks", "[{\"metrics\":[{\"name\":\"queue\"}]}]" },
        { "$.checks", "[{\"outageAtMost\":1,\"weight\":0}]" },
        { "$.checks", "[{\"weight\":2}]" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Schema_and_reader_refuse_the_same(string path, string value)
    {
        var schema = await JsonSchema.FromFileAsync(RepositoryFiles.Schema, TestContext.Current.CancellationToken);
        var wrong = With(path, value).ToJsonString();

        Assert.NotEmpty(schema.Validate(wrong));
        Assert.Throws<ScenarioFileException>(() => Read(wrong));
    }

    [Theory]
    [InlineData("$.failures.frontend.pods", "\"50%\"")]
    [InlineData("$.failures.frontend.pods", "{\"random\":2}")]
    [InlineData("$.failures.frontend.pods", "3")]
    [InlineData(
        "$.failures.both",
        "{\"faults\":[{\"kind\":\"deletePod\",\"target\":\"decode\"},{\"kind\":\"deletePod\",\"target\":\"Frontend\",\"after\":2}]}"
    )]
    [InlineData(
        "$.loads.more",
        "{\"mode\":\"open\",\"arrivals\":\"poisson\",\"ramp\":2,\"maxOutstanding\":5,\"stream\":true,\"untilRecovered\":60}"
    )]
    [InlineData(
        "$.loads.more",
        "{\"inputTokens\":{\"kind\":\"mixture\",\"parts\":[{\"weight\":0.3,\"tokens\":5},{\"tokens\":{\"kind\":\"logNormal\",\"mean\":50.5,\"deviation\":9,\"min\":2,\"max\":90}}]},\"outputTokens\":{\"kind\":\"normal\",\"mean\":5,\"deviation\":0},\"sharedPrefix\":{\"tokens\":5,\"groups\":2},\"sessions\":{\"turns\":3}}"
    )]
    [InlineData("$.loads.more", "{\"mode\":\"open\",\"trace\":\"requests.jsonl\",\"traceSpeed\":2.5}")]
    [InlineData("$.loads.more", "{\"prompts\":\"chats.jsonl\",\"outputTokens\":9}")]
    [InlineData("$.profiles.quick.environment.X", "1")]
    [InlineData("$.profiles.more", "{\"from\":\"open\"}")]
    [InlineData("$.readyTexts", "[{\"text\":\"up\",\"services\":[\"My*\"]},{\"text\":\"serving\"}]")]
    [InlineData(
        "$.checks",
        "[{\"outageAtMost\":60,\"generatorHealthy\":true,\"weight\":2},{\"failures\":[\"frontend*\"],\"loads\":[\"quick\"],\"recoveryAtMost\":{\"first_success\":5,\"steady\":9},\"latencyAgainstBefore\":{\"p95\":2},\"noRestartElsewhere\":true,\"logs\":[{\"contains\":\"x\"}],\"metrics\":[{\"name\":\"q\",\"atMost\":3}]}]"
    )]
    public async Task Schema_and_reader_take_the_same(string path, string value)
    {
        var schema = await JsonSchema.FromFileAsync(RepositoryFiles.Schema, TestContext.Current.CancellationToken);
        var right = With(path, value).ToJsonString();

        Assert.Empty(schema.Validate(right));
        Assert.NotEmpty(Read(right).Matrix);
    }

    private static ScenarioCatalog Read(string json) =>
        ScenarioFile.Parse(System.Text.Encoding.UTF8.GetBytes(json), "/x/scenarios.json", RepositoryFiles.NoManifests);

    private static JsonNode Own() => JsonNode.Parse(File.ReadAllText(RepositoryFiles.Scenarios), documentOptions: Tolerant)!;

    private static JsonNode With(string path, string value)
    {
        var root = Own();
        var keys = path.Split('.')[1..];
        var node = keys[..^1].Aggregate(root, (at, key) => at[key]!);
        node[keys[^1]] = JsonNode.Parse(value);
        return root;
    }
}
