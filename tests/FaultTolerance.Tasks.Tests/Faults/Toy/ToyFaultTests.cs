using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Planning;
using FaultTolerance.Reports.Page;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using FaultTolerance.Tests.Results;
using FaultTolerance.Tests.Scenarios;
using NJsonSchema;

namespace FaultTolerance.Tests.Faults.Toy;

/// <summary>A kind of fault that the product does not know goes the whole way by the two files beside this one.</summary>
public sealed class ToyFaultTests
{
    private static readonly FaultKinds Kinds = new([.. FaultKinds.Standard.All, new ToyFaultKind()]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_kind_is_read_planned_carried_out_undone_and_told()
    {
        await using var stage = await FaultStage.StartAsync(pods: 2);
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };
        var scenario = Read("""{ "kind": "toy", "target": "decode", "label": "hat", "for": 0, "after": 0.01, "pods": "all" }""").Single();
        var failure = scenario.Failure;

        Assert.Equal(
            "  0.01 s after the first request: puts hat on the pod of decode",
            Assert.Single(ScenarioPlan.Lines(scenario, stage.Graph, Kinds), line => line.Kind == PlanLineKind.Fault).Text
        );
        Assert.Equal([new Permission("patch", "", "pods"), .. UndoBoard.Rights], Kinds.PermissionsOf([failure]));

        var outcomes = await stage.RunAsync(Kinds, failure);

        Assert.Equal(
            ["1.1 small-0 hat is worn", "1.2 small-1 hat is worn"],
            outcomes.Select(o => $"{o.Id} {o.Target} {o.Proof?.Text ?? o.Error!.Message}")
        );
        Assert.Equal(["hat is gone", "hat is gone"], stage.Events("fault.healed").Select(item => item["proof"]!.GetValue<string>()));
        var journal = File.ReadAllLines(stage.Options.Journal!)
            .Select(line => JsonNode.Parse(line)!)
            .ToLookup(line => line["state"]!.GetValue<string>());
        Assert.Equal(["1.1", "1.2"], journal["open"].Select(line => line["id"]!.GetValue<string>()).Order());
        Assert.Equal(["1.1", "1.2"], journal["undone"].Select(line => line["id"]!.GetValue<string>()).Order());
        Assert.All(journal["open"], line => Assert.Equal("hat", line["undo"]!["label"]!.GetValue<string>()));
        Assert.Equal(2, stage.Api.Requests.Count(request => request == "POST /api/v1/namespaces/ft/configmaps"));
        Assert.Empty(stage.Objects.Names("configmaps"));
        Assert.Contains(
            "command='hat'",
            await File.ReadAllTextAsync(Path.Combine(stage.Folder, "test.log.txt"), Cancellation),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task New_kind_is_told_on_the_page()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(
            folder,
            "agg-toy",
            more: $$"""{"at":"{{ArtefactFolder.Utc(15)}}","event":"fault.healed","id":"1","kind":"toy","service":"Frontend","pod":"g-frontend-x1","uid":"u1","command":"hat","proof":"hat is gone"}"""
        );
        var timeline = Path.Combine(folder.Path, "test_fault_scenario[agg-toy]", "timeline.jsonl");
        var text = await File.ReadAllTextAsync(timeline, Cancellation);
        await File.WriteAllTextAsync(timeline, text.Replace("killProcess", "toy", StringComparison.Ordinal), Cancellation);

        var page = PageWriter.Text(folder.Parse(), Kinds.Words);

        Assert.Contains("A pod of Frontend wore ", page, StringComparison.Ordinal);
        Assert.Contains("fault landed: toy", page, StringComparison.Ordinal);
        Assert.Contains("fault undone: toy", page, StringComparison.Ordinal);
        Assert.Contains("hat is gone", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_undoes_what_lasts()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var failure = new Failure("hat", [new ToyFault("hat", TimeSpan.FromHours(1)) { Target = "decode", After = TimeSpan.Zero }]);

        var running = stage.RunAsync(Kinds, failure, stop.Token);
        while (!running.IsCompleted && stage.Events("fault.landed").Count == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal("hat is gone", Assert.Single(stage.Events("fault.healed"))["proof"]!.GetValue<string>());
        Assert.Equal(2, File.ReadAllLines(stage.Options.Journal!).Length);
    }

    [Fact]
    public async Task Stopping_the_load_undoes_what_lasts_at_once_and_orders_no_more()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        using var stop = new CancellationTokenSource();
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl"), Stop = stop.Token };
        var fault = new ToyFault("hat", TimeSpan.FromHours(1)) { Target = "decode", After = TimeSpan.Zero };

        var running = stage.RunAsync(Kinds, new Failure("hat", [fault, fault with { After = TimeSpan.FromHours(1) }]));
        while (!running.IsCompleted && stage.Events("fault.landed").Count == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        await stop.CancelAsync();
        var outcome = Assert.Single(await running);

        Assert.Equal(("hat is worn", null), (outcome.Proof!.Text, outcome.Error));
        Assert.Equal("hat is gone", Assert.Single(stage.Events("fault.healed"))["proof"]!.GetValue<string>());
        Assert.Single(stage.Events("fault.issued"));
        Assert.Empty(stage.Objects.Names("configmaps"));
    }

    [Fact]
    public async Task Without_a_journal_nothing_that_lasts_is_carried_out()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);

        var outcome = Assert.Single(
            await stage.RunAsync(
                Kinds,
                new Failure("hat", [new ToyFault("hat", TimeSpan.Zero) { Target = "decode", After = TimeSpan.Zero }])
            )
        );

        Assert.Equal("FT0614", outcome.Error!.Code);
        Assert.DoesNotContain(stage.Api.Requests, request => request.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "kind": "toy", "target": "decode" }""", "'label' is missing")]
    [InlineData("""{ "kind": "toy", "target": "decode", "label": "hat", "process": "x" }""", "'process' has no meaning for toy; remove it")]
    [InlineData("""{ "kind": "deletePod", "target": "decode", "label": "hat" }""", "'label' has no meaning for deletePod; remove it")]
    [InlineData("""{ "kind": "tyo", "target": "decode" }""", "did you mean 'toy'?")]
    public async Task Mistakes_are_refused_by_reader_and_schema(string fault, string message)
    {
        var error = Assert.Throws<ScenarioFileException>(() => Read(fault));
        Assert.Contains(message, Assert.Single(error.Diagnostics).Message, StringComparison.Ordinal);

        var schema = JsonNode.Parse(await File.ReadAllTextAsync(RepositoryFiles.Schema, Cancellation))!.AsObject();
        var definitions = schema["definitions"]!.AsObject();
        definitions["fault"] = FaultSchema.Of(definitions["fault"]!.AsObject(), [.. Kinds.All]);
        var parsed = await JsonSchema.FromJsonAsync(schema.ToJsonString(), Cancellation);
        Assert.NotEmpty(parsed.Validate(With(fault).ToJsonString()));
        Assert.Empty(
            parsed.Validate(With("""{ "kind": "toy", "target": "decode", "label": "hat", "for": 2, "after": 1 }""").ToJsonString())
        );
    }

    private static ImmutableArray<Scenario> Read(string fault) =>
        ScenarioFile
            .Parse(
                Encoding.UTF8.GetBytes(With(fault).ToJsonString()),
                "/x/scenarios.json",
                new ScenarioOptions { CheckManifests = false, Vocabulary = Kinds.Vocabulary }
            )
            .Select(["agg-tp-1-dp-1-toy"]);

    private static JsonNode With(string fault)
    {
        var root = JsonNode.Parse(
            File.ReadAllText(RepositoryFiles.Scenarios),
            documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        )!;
        root["failures"]!["toy"] = JsonNode.Parse(fault);
        return root;
    }
}
