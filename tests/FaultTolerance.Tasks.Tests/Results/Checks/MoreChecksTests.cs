using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Processes;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Results.Verdicts;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results.Checks;

/// <summary>The checks that look into metrics, logs, streams and pods: each passes and fails on what a small run holds.</summary>
public sealed class MoreChecksTests
{
    private const string Name = "agg-tp-1-dp-1-decode";

    [Theory]
    [InlineData("counterIncrease", "dynamo_requests_total", 7, CheckOutcome.Pass, "7 over 2 series of 1 pods")]
    [InlineData("counterIncrease", "dynamo_requests_total{status=\"ok\"}", 5, CheckOutcome.Pass, "5 over 1 series of 1 pods")]
    [InlineData("counterIncrease", "dynamo_requests_total{status=~\"e.*\"}", 3, CheckOutcome.Fail, "2 over 1 series of 1 pods")]
    [InlineData("counterIncrease", "dynamo_requests_total{status!=\"ok\", pod=\"\"}", 2, CheckOutcome.Pass, "2 over 1 series of 1 pods")]
    [InlineData("counterAtEnd", "dynamo_requests_total{status=\"ok\"}", 3, CheckOutcome.Pass, "3 over 1 series of 1 pods")]
    [InlineData("metricPeak", "queue", 9, CheckOutcome.Pass, "9 over 1 series of 1 pods")]
    [InlineData("counterIncrease", "dynamo_migrations_total", 1, CheckOutcome.Fail,
        "0 no pod has it yet, which counts as 0 (1 told their metrics)")]
    [InlineData("counterIncrease", "other_total", 1, CheckOutcome.Unknown, "no pod of * has other_total")]
    internal void Judge_counters_by_series_and_what_is_asked(string kind, string series, double least, CheckOutcome outcome,
        string evidence)
    {
        using var folder = Folder();
        // The process restarts: its counter begins anew, and the second series only came then.
        Metrics(
            folder, "Decode/p1",
            """0,"samples":{"dynamo_requests_total{status=\"ok\"}":10,"queue":1}""", """5,"samples":{"dynamo_requests_total{status=\"ok\"}":12,"queue":9}""",
            """10,"samples":{"dynamo_requests_total{status=\"ok\"}":3,"dynamo_requests_total{status=\"err\"}":2,"queue":2}""");

        var result = Judge(folder, new CheckSpec(kind) { Service = "*", Subject = series, AtLeast = least });

        Assert.Equal((outcome, evidence), (result.Outcome, result.Evidence));
    }

    [Theory]
    [InlineData("logLines", 2, CheckOutcome.Pass, "2 lines of 1 logs")]
    [InlineData("logLines", 1, CheckOutcome.Fail, "2 lines of 1 logs")]
    [InlineData("logRate", 0.2, CheckOutcome.Pass, "2 lines in 10 s of 1 logs, 0.2 a second")]
    [InlineData("logRate", 0.1, CheckOutcome.Fail, "2 lines in 10 s of 1 logs, 0.2 a second")]
    internal void Judge_log_lines_by_pattern_and_rate(string kind, double most, CheckOutcome outcome, string evidence)
    {
        using var folder = Folder();
        folder.Write(
            Name, "Decode/p1.log", $"{Utc(0)} thread 'w1' panicked at a.rs", $"{Utc(4)} fine", $"{Utc(10)} thread 'w2' panicked at b.rs");

        var result = Judge(folder, new CheckSpec(kind) { Service = "Dec*", Subject = "thread '.*' panicked at", AtMost = most });

        Assert.Equal((outcome, evidence), (result.Outcome, result.Evidence));
    }

    [Theory]
    [InlineData("VLLM::Worker", 2, CheckOutcome.Pass, "2 in each of 1 pods")]
    [InlineData("VLLM::Worker", 3, CheckOutcome.Fail, "2 in p1")]
    [InlineData("VLLM::EngineCore", 0, CheckOutcome.Pass, "0 in each of 1 pods")]
    internal void Judge_processes_by_how_many_of_them_live(string process, int count, CheckOutcome outcome, string evidence)
    {
        using var folder = Folder();
        folder.Write(Name, "Decode/p1.processes.jsonl", [.. PodProcesses.Lines(shared: false,
            [new(7, "Z", "VLLM::EngineCore"), new(8, "S", "VLLM::Worker_TP0"), new(9, "R", "VLLM::Worker_TP1")])]);

        var result = Judge(folder, new CheckSpec("processes") { Service = "Dec*", Subject = process, AtLeast = count, AtMost = count });

        Assert.Equal((outcome, evidence), (result.Outcome, result.Evidence));
    }

    [Theory]
    [InlineData("{\"shared\":true}", "p1 sees the processes of its node")]
    [InlineData("broken", "a list of processes cannot be read: ")]
    [InlineData(null, "no list of processes of * was collected")]
    internal void Judge_processes_that_nobody_could_count_is_unknown(string? line, string evidence)
    {
        using var folder = Folder();
        if (line is not null)
        {
            folder.Write(Name, "Decode/p1.processes.jsonl", line);
        }

        var result = Judge(folder, new CheckSpec("processes") { Service = "*", Subject = "x", AtLeast = 1, AtMost = 1 });

        Assert.Equal(CheckOutcome.Unknown, result.Outcome);
        Assert.StartsWith(evidence, result.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, CheckOutcome.Pass)]
    [InlineData(5.9, CheckOutcome.Fail)]
    internal void Judge_memory_growth_by_the_line_through_the_samples(double most, CheckOutcome outcome)
    {
        using var folder = Folder();
        Metrics(folder, "Decode/p1", [.. Enumerable.Range(0, 6).Select(i => $$"""{{i * 10}},"samples":{"process_resident_memory_bytes":{{(100 + i) * 1024 * 1024}}}""")]);

        var result = Judge(folder, new CheckSpec("memoryGrowthAtMost") { AtMost = most });

        Assert.Equal((outcome, "6 MiB a minute in p1, the most of 1"), (result.Outcome, result.Evidence));
    }

    [Theory]
    [InlineData("g-other", 5, CheckOutcome.Pass)]
    [InlineData("g-frontend-x1", 5, CheckOutcome.Unknown)]
    internal void Judge_cascade_looks_at_pods_that_were_not_hit(string pod, double most, CheckOutcome outcome)
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Name, end: 60);
        Metrics(folder, $"Decode/{pod}", """2,"samples":{"vllm:num_requests_waiting":1}""", """8,"samples":{}""", """45,"samples":{"vllm:num_requests_waiting":4}""");

        var result = Judge(folder, new CheckSpec("cascadeAtMost") { AtMost = most });

        Assert.True(outcome == result.Outcome, result.Evidence);
    }

    [Fact]
    public void Judge_cascade_that_clients_did_not_feel_is_none_and_one_that_cannot_be_seen_is_unknown()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Name, end: 60);
        Metrics(folder, "Decode/g-other", """2,"samples":{"vllm:num_requests_waiting":1}""", """45,"samples":{"vllm:num_requests_waiting":40}""");

        var result = Judge(folder, new CheckSpec("cascadeAtMost") { AtMost = 5 });

        Assert.Equal(CheckOutcome.Pass, result.Outcome);
        Assert.StartsWith("39 more wait in g-other, p99 ", result.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unhealthyWithin", 2, CheckOutcome.Pass)]
    [InlineData("unhealthyWithin", 0.5, CheckOutcome.Fail)]
    [InlineData("healthyAgainWithin", 4, CheckOutcome.Pass)]
    [InlineData("healthyAgainWithin", 2, CheckOutcome.Fail)]
    internal void Judge_health_by_the_readiness_of_the_pods_that_were_hit(string kind, double most, CheckOutcome outcome)
    {
        using var folder = new ArtefactFolder();
        TwoFaults.Scenario(folder);
        var file = Path.Combine(folder.Path, $"test_fault_scenario[{TwoFaults.Name}]", "timeline.jsonl");
        File.AppendAllLines(file, [Pod(1, "ready", "g-a"), Pod(11, "not_ready", "g-a"), Pod(21, "ready", "g-a"), Pod(1, "ready", "g-b"),
            Pod(16, "not_ready", "g-b")]);

        Assert.Equal(outcome, Judge(folder, new CheckSpec(kind) { AtMost = most }).Outcome);
    }

    // The first fault is proven at 10.1 s and undone at 18 s, the second proven at 15.2 s; one frontend of two tells of it.
    [Theory]
    [InlineData("healthBadWithin", 1, CheckOutcome.Pass, "at most 0.9 s, of 2 faults")]
    [InlineData("healthBadWithin", 0.5, CheckOutcome.Fail, "after 0.9 s")]
    [InlineData("healthGoodWithin", 5, CheckOutcome.Pass, "at most 4.8 s, of 2 faults")]
    [InlineData("healthGoodWithin", 4, CheckOutcome.Fail, "after 4.8 s")]
    internal void Judge_health_endpoint_by_what_pods_answered(string kind, double most, CheckOutcome outcome, string evidence)
    {
        using var folder = Answers(
            Health(1, "f1", "200"), Health(1, "f2", "200"), Health(11, "f1", "503"), Health(20, "f1", "200"), Health(1, "other", "503", "Decode"));

        var result = Judge(folder, new CheckSpec(kind) { Service = "Front*", AtMost = most });

        Assert.Equal((outcome, evidence), (result.Outcome, result.Evidence));
    }

    [Theory]
    [InlineData("healthGoodWithin", 9, CheckOutcome.Fail, "not within 12 s")]
    [InlineData("healthGoodWithin", 20, CheckOutcome.Unknown, "the load ended 12 s later")]
    internal void Judge_health_endpoint_that_never_is_well_again(string kind, double most, CheckOutcome outcome, string evidence)
    {
        using var folder = Answers(Health(1, "f1", "200"), Health(11, "f1", "0"));

        var result = Judge(folder, new CheckSpec(kind) { Service = "Frontend", AtMost = most });

        Assert.Equal((outcome, evidence), (result.Outcome, result.Evidence));
    }

    [Fact]
    public void Judge_health_endpoint_of_a_pod_that_is_gone_counts_no_more_and_one_that_nobody_asked_is_unknown()
    {
        using var folder = Answers(Health(1, "f1", "200"), Health(1, "f2", "200"), Health(11, "f1", "0"), Health(14, "f1", null));

        var good = Judge(folder, new CheckSpec("healthGoodWithin") { Service = "Frontend", AtMost = 0 });
        var none = Judge(folder, new CheckSpec("healthGoodWithin") { Service = "Prefill", AtMost = 1 });

        Assert.Equal((CheckOutcome.Pass, "at most 0 s, of 2 faults"), (good.Outcome, good.Evidence));
        Assert.Equal((CheckOutcome.Unknown, "/health of no pod of Prefill was asked"), (none.Outcome, none.Evidence));
    }

    [Theory]
    [InlineData(2, CheckOutcome.Pass)]
    [InlineData(1, CheckOutcome.Fail)]
    internal void Judge_token_pause_by_the_longest_of_answers_that_succeeded(double most, CheckOutcome outcome)
    {
        using var folder = Folder();
        folder.Write(Name, "client_0.log.txt", Stream(0, 1, 1.5, "Ok"), Stream(1, 3, 9, "Stalled"));

        var result = Judge(folder, new CheckSpec("tokenPauseAtMost") { AtMost = most });

        Assert.Equal((outcome, "1.5 s in client 0, request 0"), (result.Outcome, result.Evidence));
    }

    [Theory]
    [InlineData("Front*", CheckOutcome.Fail)]
    [InlineData("Other", CheckOutcome.Unknown)]
    internal void Judge_restarts_in_named_services_whether_or_not_they_were_hit(string service, CheckOutcome outcome) => Assert.Equal(
        outcome, RunJudge.Judge("/results", SyntheticRun.Parse().Scenarios[0], new CheckSpec("noRestartIn") { Service = service }).Outcome);

    [Theory]
    [InlineData(0, 0, CheckOutcome.Pass)]
    [InlineData(1, 0, CheckOutcome.Fail)]
    [InlineData(0, 2, CheckOutcome.Fail)]
    internal void Judge_all_pods_new_by_what_the_rollout_told(int old, int restarts, CheckOutcome outcome)
    {
        var rollout = $$"""{"at":"{{Utc(12)}}","event":"fault.landed","id":"1","kind":"rollingUpgrade","service":"Decode","target":"d","proof":"done","rolloutSeconds":5,"fewestReady":1,"newPods":2,"oldPods":{{old}},"newRestarts":{{restarts}}}""";
        var row = SyntheticRun.Parse(more: rollout).Scenarios[0];

        Assert.Equal(outcome, RunJudge.Judge("/results", row, new CheckSpec("allPodsNew")).Outcome);
        // From the order at 9.9 s for 5 s: all of the forty that failed.
        Assert.Equal((40, 1, 5), (row.Upgrade!.FailedRequests, row.Upgrade.FewestReady, row.Upgrade.Seconds));
    }

    [Fact]
    public void Set_of_upstream_asks_for_each_of_its_checks_and_a_later_entry_decides()
    {
        var checks = FaultTolerance.Tests.Scenarios.Reading.StopSectionTests.Rows(
            file => file["checks"] = JsonNode.Parse("""[ { "upstream": true }, { "successAtLeast": 0.5 } ]""")).Checks;

        Assert.Equal(
            ["cascadeAtMost 5", "logLines 0", "noRestartElsewhere ", "successAtLeast "],
            checks.Where(check => !check.IsDefault).Select(check => $"{check.Kind} {check.AtMost}").Order(StringComparer.Ordinal));
        Assert.Equal(0.5, checks.Single(check => check.Kind == "successAtLeast").AtLeast);
        Assert.All(checks, check => Assert.True(CheckCatalog.Default.Find(check.Kind)!.IsWhole(check)));
    }

    [Theory]
    [InlineData("""{ "counters": [ { "series": "a{b", "is": "peak", "atMost": 1 } ] }""", "'a{b' names no series")]
    [InlineData("""{ "counters": [ { "series": "a", "is": "peak" } ] }""", "needs 'atLeast', 'atMost' or both")]
    [InlineData("""{ "healthEndpoint": [ { "service": "Frontend" } ] }""", "needs 'badWithin', 'goodWithin' or both")]
    [InlineData("""{ "processes": [ { "process": "a" } ] }""", "needs 'count'")]
    [InlineData("""{ "logLines": [ { "matches": "(", "atMost": 1 } ] }""", "'(' is no regular expression")]
    public void Mistakes_are_refused(string check, string message)
    {
        var error = Assert.Throws<ScenarioFileException>(() => FaultTolerance.Tests.Scenarios.Reading.StopSectionTests.Rows(
            file => file["checks"] = new JsonArray(JsonNode.Parse(check))));

        Assert.Contains(message, Assert.Single(error.Diagnostics).Message, StringComparison.Ordinal);
    }

    private static ArtefactFolder Folder()
    {
        var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, Name);
        return folder;
    }

    private static ArtefactFolder Answers(params string[] lines)
    {
        var folder = new ArtefactFolder();
        TwoFaults.Scenario(folder);
        File.AppendAllLines(Path.Combine(folder.Path, $"test_fault_scenario[{TwoFaults.Name}]", "timeline.jsonl"), lines);
        return folder;
    }

    private static string Health(double at, string pod, string? status, string service = "Frontend") =>
        $$"""{"at":"{{Utc(at)}}","event":"health","service":"{{service}}","pod":"{{pod}}"{{(status is null ? "" : $",\"status\":{status}")}}}""";

    private static CheckResult Judge(ArtefactFolder folder, CheckSpec check)
    {
        var row = Assert.Single(folder.Parse().Scenarios);
        return RunJudge.Judge(folder.Path, row with { State = RowState.Measured }, check);
    }

    private static void Metrics(ArtefactFolder folder, string pod, params string[] lines) => folder.Write(
        Name, $"{pod}.metrics.jsonl",
        lines.Select(line => $"{{\"at\":\"{Utc(double.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture))}\",\"took\":0.01,{line[(line.IndexOf(',') + 1)..]}}}"));

    private static string Pod(double at, string change, string pod) =>
        $$"""{"at":"{{Utc(at)}}","event":"pod","service":"Decode","pod":"{{pod}}","uid":"u-{{pod}}","change":"{{change}}","restarts":0}""";

    private static string Stream(int request, double sent, double pause, string outcome) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$"""{"time": "{{Naive(sent + 2)}}", "results": [{"status": 200, "result": {{Answer(120)}}, "request_elapsed_time": 2, "url": "u", "pod": "p", "sent": "{{Utc(sent)}}", "firstToken": "{{Utc(sent + 0.1)}}", "lastByte": "{{Utc(sent + 2)}}", "tokens": 10, "tokensAsked": 10, "interTokenMax": {{pause}}, "outcome": "{{outcome}}"}], "total_time": 2, "url": "u", "pod": "p", "request": {{request}}, "outcome": "{{outcome}}"}""");
}
