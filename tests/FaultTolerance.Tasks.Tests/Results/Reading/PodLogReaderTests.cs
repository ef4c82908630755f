using System.Text.Json;
using FaultTolerance.Results;
using FaultTolerance.Results.Reading;
using FaultTolerance.Runs;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results.Reading;

public sealed class PodLogReaderTests : IDisposable
{
    private const string Scenario = "agg-tp-1-dp-1-decode_worker";
    private const string Ready = "main.init: VllmWorker for Qwen/Qwen3-0.6B has been initialized";
    private readonly ArtefactFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Lines => new()
    {
        $$"""{"time": "{{Utc(240)}}", "message": "{{Ready}}"}""",
        $$"""Loading shards: 100% | 1/1 [00:00<00:00]{{"\r"}}{"time": "{{Utc(240)}}", "message": "{{Ready}}"}""",
        $"Capturing shapes: 100%|####| 35/35{"\r"}{Utc(240)}  INFO {Ready}",
        $"\u001b[?25l\u001b[38;5;12m{Utc(240)}\u001b[0m \u001b[1;32mINFO\u001b[0m {Ready}\r",
        $"\u001b]0;title\u0007{Utc(240)} INFO {Ready}",
        $$"""{{Utc(250)}} stdout F {"time": "{{Utc(240)}}", "message": "{{Ready}}"}""",
        $"{Utc(240)} stderr F INFO {Ready}",
        $$"""{"time": "{{Utc(240)}}", "loss": NaN, "message": "{{Ready}} \ud800"}""",
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Ready_text_counts_in_every_form_that_a_line_has(string line)
    {
        var row = Parse("VllmDecodeWorker", [line]);
        Assert.Equal(40, row.Row.Recovery!.Value, 6);
        Assert.DoesNotContain(row.Diagnostics, finding => finding.Code == "FT0803");
    }

    [Theory]
    [InlineData("Frontend", "Chat completions is ready")]
    [InlineData("Frontend", "Adding worker set to model")]
    [InlineData("VllmDecodeWorker", "All 2 mocker worker(s) created and running")]
    [InlineData("VllmDecodeWorker", "Registered endpoint 'ns.backend.generate' with shared TCP server on 0.0.0.0:1")]
    [InlineData("TRTLLMWorker", "TRT-LLM engine health monitor started.")]
    [InlineData("decode", "worker for M has been initialized")]
    public void Ready_text_of_a_newer_version_counts(string service, string text) =>
        Assert.Equal(40, Parse(service, [$"{Utc(240)} INFO {text}"]).Row.Recovery!.Value, 6);

    [Theory]
    [InlineData("VllmWorker", "dynamo.vllm", Ready)]
    [InlineData("agg", "dynamo.vllm", Ready)]
    [InlineData("agg", "dynamo.sglang", "Model registration succeeded; processing queued requests")]
    [InlineData("OpenEngineWorker", "dynamo.mocker", "All 2 mocker worker(s) created and running")]
    public void Ready_text_belongs_to_the_engine_in_the_pods_command(string service, string module, string text)
    {
        Assert.Equal(40, Parse(service, [$"{Utc(240)} INFO {text}"], module).Row.Recovery!.Value, 6);
    }

    [Fact]
    public void Engine_that_writes_no_ready_text_has_no_time_of_initialisation_and_says_why()
    {
        var row = Parse("decode", [$"{Utc(240)} INFO TRT-LLM engine health monitor started.", $"{Utc(241)} INFO Registered endpoint 'ns.backend.generate'"], "dynamo.trtllm");

        Assert.Null(row.Row.Recovery);
        var told = row.Recovery.Where(pair => pair.Name == "engine_initialised").Select(pair => pair.Value).ToArray();
        Assert.All(told, value => Assert.Equal("Unknown", value.Kind.ToString()));
    }

    [Fact]
    public void Newer_text_adds_nothing_to_a_log_that_has_the_older_one() =>
        Assert.Equal(
            30,
            Parse(
                "Frontend",
                [$"{Utc(150)} INFO added model", $"{Utc(230)} INFO added model", $"{Utc(240)} INFO Chat completions is ready"]
            ).Row.Recovery!.Value,
            6
        );

    [Fact]
    public void No_ready_text_after_the_fault_is_no_recovery()
    {
        var row = Parse("Frontend", [$"{Utc(150)} INFO added model"]);
        Assert.Null(row.Row.Recovery);
        Assert.Contains("no ready text follows the fault: Recovery is N/A", row.Notes);
    }

    [Fact]
    public void Unknown_service_is_named_and_not_a_missing_log()
    {
        var row = Parse("Mine", [$"{Utc(240)} INFO up and running"]);
        Assert.Contains(row.Diagnostics, finding =>
            finding.Message.StartsWith("no ready text is known for the service 'Mine'; Recovery is unknown", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(row.Diagnostics, finding => finding.Message.Contains("there is no pod's log", StringComparison.Ordinal));
    }

    [Fact]
    public void Own_ready_text_of_run_json_counts_and_stands_for_the_built_in_ones()
    {
        File.WriteAllText(
            Path.Combine(_folder.Path, "run.json"),
            JsonSerializer.Serialize(
                new { readyTexts = new[] { new { services = new[] { "Mi*", "Frontend" }, text = "up (and) running" } } }
            )
        );
        Assert.Equal(40, Parse("Mine", [$"{Utc(240)} INFO up (and) running"]).Row.Recovery!.Value, 6);
        Assert.Null(Parse("Frontend", [$"{Utc(240)} INFO added model"]).Row.Recovery);
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(1000, 0, true)]
    [InlineData(1001, 0, false)]
    [InlineData(1, ReadyText.LongestMessage - 100, true)]
    [InlineData(1, ReadyText.LongestMessage, false)]
    public void WordsIn_message_isFoundWithANameAndAtAPlaceWithinTheBounds(int name, int before, bool found)
    {
        var text = ReadyTexts.For("VllmDecodeWorker", [], "vllm")[0];
        var filler = string.Concat(Enumerable.Repeat("worker for ", (before / 11) + 1))[..before];

        Assert.Equal(
            found ? "Worker for M has been initialized" : null,
            text.WordsIn($"{filler}\nWorker for {new string('m', name)} has been initialized"));
    }

    [Fact]
    public void Own_ready_texts_go_through_run_json()
    {
        var manifest = new RunManifest
        {
            Id = "r",
            Anchor = new ClockAnchor(DateTimeOffset.UnixEpoch, 0),
            TimestampFrequency = 1,
            BootId = "",
            Profile = "quick",
            Scenarios = [],
            Seed = 1,
            Namespace = "n",
            ReadyTexts = [new ReadyTextRule(["Mine"], "up"), new ReadyTextRule([], "serving")],
        };
        var again = RunManifest.FromJson(manifest.ToJson());
        Assert.Equal(["Mine:up", ":serving"], again.ReadyTexts.Select(rule => $"{string.Join(',', rule.Services)}:{rule.Text}"));
        Assert.False((manifest with { ReadyTexts = [] }).ToJson().ContainsKey("readyTexts"));
    }

    private ScenarioResult Parse(string service, string[] lines, string? module = null)
    {
        var folder = _folder.Scenario(Scenario);
        foreach (var old in Directory.GetDirectories(folder))
        {
            Directory.Delete(old, recursive: true);
        }

        _folder.TestLog(Scenario, fault: 200);
        _folder.Write(Scenario, "client_0.log.txt", LegacyLine(190, 1, true), LegacyLine(250, 1, true));
        _folder.Write(Scenario, $"{service}/pod-0.log", lines);
        if (module is not null)
        {
            _folder.Write(Scenario, $"{service}/pod-0.yaml", "spec:", "  containers:", "  - command:", "    - python3", "    - -m", $"    - {module}");
        }

        return RunParser.Parse(_folder.Path, new ParseOptions { NaiveOffset = TimeSpan.Zero }).Scenarios.Single();
    }
}
