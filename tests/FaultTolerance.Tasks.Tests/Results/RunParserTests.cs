using FaultTolerance.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

public sealed class RunParserTests
{
    private const string Scenario = "agg-tp-1-dp-1-decode_worker";

    [Fact]
    public void Parse_reference_folder_gives_its_columns()
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: 200);
        folder.Write(
            Scenario,
            "client_0.log.txt",
            LegacyLine(190, 1, true),
            LegacyLine(200, 3, true),
            LegacyLine(200.000001, 9, false),
            LegacyLine(210, 2, true)
        );
        folder.Write(
            Scenario,
            "client_1.log.txt",
            LegacyLine(190, 1, false),
            LegacyLine(201, 1, false),
            LegacyLine(202, 1, false),
            LegacyLine(203, 4, true)
        );
        folder.Write(
            Scenario,
            "VllmDecodeWorker/ft-a.log",
            $$"""{"time":"{{Utc(354.5)}}","level":"INFO","message":"main.init: VllmWorker for Qwen has been initialized"}"""
        );
        folder.Write(
            Scenario,
            "VllmDecodeWorker/ft-a.previous.log",
            $$"""{"time":"{{Utc(100)}}","message":"VllmWorker for Qwen has been initialized"}"""
        );
        folder.Write(Scenario, "Frontend/ft-f.log", $"\u001b[2m{Utc(350)}\u001b[0m \u001b[32mINFO\u001b[0m added model Qwen");

        var row = Assert.Single(folder.Parse(new ParseOptions { Sla = 2.5 }).Scenarios);

        Assert.Equal(("agg-tp-1-dp-1", "decode_worker", RowState.Unverified), (row.Group, row.Row.Failure, row.State));
        Assert.Equal(
            (180d, 2d, 1d, 2d, 3d),
            (row.Row.Startup, row.Row.SuccessBefore, row.Row.FailedBefore, row.Row.SuccessAfter, row.Row.FailedAfter)
        );
        Assert.Equal((2d, 3d, 154.5), (row.Row.LatencyBefore, row.Row.LatencyAfter, row.Row.Recovery));
        Assert.Equal((1d, 1d), (row.Row.ViolationsBefore, row.Row.ViolationsAfter));
        Assert.Contains(row.Diagnostics, finding =>
            finding.Code == "FT0805" && finding.Message.Contains("UTC is assumed", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(2, "UTC+02:00")]
    [InlineData(-5.5, "UTC-05:30")]
    [InlineData(0, "UTC+00:00")]
    public void Parse_reference_folder_of_another_zone_finds_it_by_the_pods(double hours, string text)
    {
        using var folder = new ArtefactFolder();
        var local = hours * 3600;
        folder.Write(
            Scenario,
            "test.log.txt",
            $"[TEST] {Naive(local)} INFO root: Starting Deployment fault-tolerance-test with spec",
            $"[TEST] {Naive(local + 20)} INFO root: Injecting failure for: Failure()");
        folder.Write(Scenario, "client_0.log.txt", LegacyLine(local + 15, 1, true), LegacyLine(local + 25, 1, true));
        folder.Write(Scenario, "Frontend/ft-f.yaml", "metadata:", $"  creationTimestamp: '{Utc(3)[..19]}Z'");
        folder.Write(Scenario, "Frontend/ft-f.log", $$"""{"time":"{{Utc(23.25)}}","message":"added model x"}""");

        var row = Assert.Single(folder.Parse().Scenarios);

        Assert.Equal(3.25, row.Row.Recovery);
        Assert.Equal((1d, 1d), (row.Row.SuccessBefore, row.Row.SuccessAfter));
        Assert.Contains(row.Diagnostics, finding => finding.Code == "FT0805" && finding.Message.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_rows_come_in_the_fixed_order_and_unknown_names_after_it()
    {
        using var folder = new ArtefactFolder();
        foreach (var failure in new[] { "zebra", "frontend", "apple", "none", "vllm_decode_engine_core" })
        {
            folder.TestLog($"b-{failure}", fault: 5);
        }

        folder.TestLog("a-rolling-upgrade", fault: null);
        Directory.CreateDirectory(Path.Combine(folder.Path, "test_fault_scenario[b-frontend]_recovery"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "something else"));
        File.WriteAllText(Path.Combine(folder.Path, "run.json"), "{}");

        var run = folder.Parse();

        Assert.Equal(
            ["a-rolling/upgrade", "b/none", "b/frontend", "b/vllm_decode_engine_core", "b/apple", "b/frontend_recovery", "b/zebra"],
            run.Scenarios.Select(scenario => $"{scenario.Group}/{scenario.Row.Failure}"));
    }

    [Fact]
    public void Parse_folder_of_the_reference_suite_keeps_the_directorys_order_of_groups()
    {
        using var folder = new ArtefactFolder();
        foreach (var group in new[] { "m", "b", "z", "a", "k" })
        {
            folder.TestLog($"{group}-none", fault: null);
            folder.TestLog($"{group}-frontend", fault: 5);
        }

        var met = Directory
            .GetDirectories(folder.Path)
            .Select(path => Path.GetFileName(path)["test_fault_scenario[".Length..].Split('-')[0])
            .Distinct();

        Assert.Equal(
            met.SelectMany(group => new[] { $"{group}/none", $"{group}/frontend" }),
            folder.Parse().Scenarios.Select(scenario => $"{scenario.Group}/{scenario.Row.Failure}")
        );
    }

    [Fact]
    public void Parse_empty_scenario_folder_is_a_row_of_missing_values_with_findings()
    {
        using var folder = new ArtefactFolder();
        folder.Scenario(Scenario);

        var row = Assert.Single(folder.Parse().Scenarios);

        Assert.Equal(RowState.Failed, row.State);
        Assert.Equal(new FaultTolerance.Results.Legacy.LegacyRow("decode_worker"), row.Row);
        Assert.Equal(3, row.Diagnostics.Count(finding => finding.Code == "FT0804"));
        Assert.NotEmpty(row.Notes);
    }

    [Fact]
    public void Parse_broken_lines_are_named_and_the_others_counted()
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: null);
        folder.Write(
            Scenario,
            "client_0.log.txt",
            "nonsense",
            LegacyLine(1, 1, true),
            "",
            """{"time": "yesterday", "results": []}""",
            """{"results": []}""",
            """{"time": "2026-01-02T03:04:05"}""",
            """{"time": "2026-01-02T03:04:05", "results": [{"request_elapsed_time": NaN}]}""",
            """{"time": "2026-01-02T03:04:05", "results": [{"request_elapsed_time": -1}]}""",
            "[]",
            LegacyLine(1, 1, true)[..100]
        );

        var row = Assert.Single(folder.Parse().Scenarios);

        Assert.Equal((1d, 1d), (row.Row.SuccessBefore, row.Row.FailedBefore));
        Assert.Equal([1, 4, 5, 6, 8, 9, 10], row.Diagnostics.Where(finding => finding.Code == "FT0803").Select(finding => finding.Line));
    }

    [Fact]
    public void Parse_own_folder_with_proof_is_measured()
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: 10);
        folder.Write(Scenario, "client_0.log.txt", Line(0, 5, 1, "Ok"), Line(1, 9.5, 1, "ResetMidStream"), NotSent(2, 20));
        folder.Write(
            Scenario,
            "timeline.jsonl",
            Event(0, "load.started", """ "clients":1,"planned":3 """),
            Event(10, "fault.issued", """ "id":"f1" """),
            Event(10.5, "fault.landed", """ "id":"f1","kind":"killProcess","pod":"p" """),
            Event(21, "load.ended", """ "sent":2,"notSent":1 """)
        );

        var run = folder.Parse();
        var row = Assert.Single(run.Scenarios);

        Assert.Equal(RowState.Measured, row.State);
        Assert.True(run.IsSound);
        Assert.Equal(
            (3L, 2L, 1L, 1L, 1L, 2L),
            (row.Books.Planned!.Value, row.Books.Sent, row.Books.NotSent, row.Books.Succeeded, row.Books.Failed, row.Books.Attempts)
        );
        Assert.Equal(Zero.AddSeconds(10.5).Ticks, row.LandedAt);
        Assert.Equal("stopped", Assert.Single(row.Unsent).Reason);
    }

    [Theory]
    [InlineData("Ok", RowState.Measured)]
    [InlineData("Refused", RowState.Invalid)]
    internal void Parse_row_without_an_answer_before_its_fault_measures_nothing(string before, RowState expected)
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: 10);
        folder.Write(Scenario, "client_0.log.txt", Line(0, 5, 1, before), Line(1, 12, 1, "Ok"));
        folder.Write(Scenario, "timeline.jsonl",
            Event(0, "load.started", """ "clients":1,"planned":2 """),
            Event(10, "fault.issued", """ "id":"f1" """),
            Event(10.5, "fault.landed", """ "id":"f1" """));

        var row = folder.Parse().Scenarios[0];

        Assert.Equal(expected, row.State);
        Assert.Equal(
            expected == RowState.Invalid,
            row.Notes.Contains("no request was answered before the fault: the row measures nothing")
        );
    }

    [Fact]
    public void Parse_row_whose_answers_are_short_is_measured_and_says_how_the_first_table_counts_them()
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: 10);
        folder.Write(
            Scenario, "client_0.log.txt",
            new[] { Line(0, 5, 1, "Ok"), Line(1, 12, 1, "Ok") }.Select(line => line.Replace(Answer(120), Answer(48), StringComparison.Ordinal)));
        folder.Write(Scenario, "timeline.jsonl",
            Event(0, "load.started", """ "clients":1,"planned":2 """),
            Event(10, "fault.issued", """ "id":"f1" """),
            Event(10.5, "fault.landed", """ "id":"f1" """));

        var row = folder.Parse().Scenarios[0];

        Assert.Equal((RowState.Measured, 0), (row.State, row.Row.SuccessBefore));
        Assert.Contains(row.Notes, note => note.StartsWith("2 answers are whole and hold fewer than 100", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("killProcess", 10.2, 10.2)]
    [InlineData("killProcess", 9.9, 10.5)]
    [InlineData("killProcess", 10.6, 10.5)]
    [InlineData("deletePod", 10.2, 10.5)]
    public void Parse_kill_landed_when_the_pod_says_its_container_ended_if_that_is_the_earlier_proof(
        string kind,
        double ended,
        double expected
    )
    {
        using var folder = new ArtefactFolder();
        var pid = kind == "killProcess" ? ",\"pid\":7" : "";
        folder.TestLog(Scenario, fault: 10);
        folder.Write(Scenario, "client_0.log.txt", Line(0, 5, 1, "Ok"));
        folder.Write(Scenario, "timeline.jsonl",
            Event(10, "fault.issued", $$""" "id":"f1","kind":"{{kind}}","uid":"u1","container":"main"{{pid}} """),
            Event(10.5, "fault.landed", $$""" "id":"f1","kind":"{{kind}}","uid":"u1","container":"main"{{pid}} """),
            Event(10.7, "pod", $$""" "uid":"u1","change":"container_terminated","container":"main","statusAt":"{{Utc(ended)}}" """));

        Assert.Equal(Zero.AddTicks((long)(expected * 1e7)).Ticks, folder.Parse().Scenarios[0].LandedAt);
    }

    [Theory]
    [InlineData("""{"at":"2026-01-02T03:04:15Z","event":"fault.unproven","id":"f1","reason":"no process matched"}""", "no process matched")]
    [InlineData("""{"at":"2026-01-02T03:04:15Z","event":"fault.issued","id":"f1"}""", "no proof that it landed")]
    [InlineData("""{"at":"2026-01-02T03:04:15Z","event":"load.first_request"}""", "no proof that it landed")]
    public void Parse_fault_without_proof_marks_the_row(string line, string note)
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: 10);
        folder.Write(Scenario, "timeline.jsonl", line);

        var run = folder.Parse();

        Assert.Equal(RowState.Unproven, run.Scenarios[0].State);
        Assert.Contains(run.Scenarios[0].Notes, text => text.Contains(note, StringComparison.Ordinal));
        Assert.False(run.IsSound);
    }

    [Theory]
    [InlineData(4, 2, 1)]
    [InlineData(3, 3, 0)]
    public void Parse_books_that_do_not_add_up_are_an_error(int planned, int sent, int notSent)
    {
        using var folder = new ArtefactFolder();
        folder.TestLog("a-none", fault: null);
        folder.Write("a-none", "client_0.log.txt", Line(0, 5, 1, "Ok"), Line(1, 9.5, 1, "Ok"), NotSent(2, 20));
        folder.Write(
            "a-none",
            "timeline.jsonl",
            Event(0, "load.started", $"\"planned\":{planned}"),
            Event(9, "load.ended", $"\"sent\":{sent},\"notSent\":{notSent}")
        );

        var row = folder.Parse().Scenarios[0];

        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Diagnostics, finding => finding.Code == "FT0901");
    }

    [Fact]
    public void Parse_client_that_ended_early_in_a_reference_folder_is_named()
    {
        using var folder = new ArtefactFolder();
        folder.TestLog("a-none", fault: null);
        folder.Write("a-none", "client_0.log.txt", LegacyLine(1, 1, true), LegacyLine(2, 1, true));
        folder.Write("a-none", "client_1.log.txt", LegacyLine(1, 1, true));

        Assert.Contains(folder.Parse().Scenarios[0].Diagnostics, finding =>
            finding.Code == "FT0809" && finding.File!.EndsWith("client_1.log.txt", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Parse_scenario_that_was_asked_for_and_left_nothing_is_a_row()
    {
        using var folder = new ArtefactFolder();
        folder.TestLog("a-none", fault: null);
        File.WriteAllText(Path.Combine(folder.Path, "run.json"), """{"standIn":true,"scenarios":["a-none","a-frontend"]}""");

        var run = folder.Parse();

        Assert.True(run.StandIn);
        Assert.Equal(["none", "frontend"], run.Scenarios.Select(scenario => scenario.Row.Failure));
        Assert.Equal(RowState.Failed, run.Scenarios[1].State);
    }

    [Fact]
    public void Parse_phase_that_failed_is_noted_with_its_reason()
    {
        using var folder = new ArtefactFolder();
        folder.Write(Scenario, "timeline.jsonl", Event(1, "phase", """ "phase":"Deploy","state":"failed","reason":"not ready in 60 s" """));

        var row = folder.Parse().Scenarios[0];

        Assert.Equal(RowState.Failed, row.State);
        Assert.Contains("Deploy failed: not ready in 60 s", row.Notes);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("Collect:started", false)]
    [InlineData("Collect:started Collect:done", true)]
    [InlineData("Teardown:started Teardown:done", true)]
    [InlineData("Collect:started Teardown:started Teardown:done", false)]
    [InlineData("Collect:started Collect:started Collect:done", true)]
    public void Parse_row_whose_artefacts_were_not_collected_is_no_result(string phases, bool whole)
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(
            folder,
            Scenario,
            more: string.Join('\n', new[] { "Load:started", "Load:done" }.Concat(phases.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select((p, i) => Event(40 + i, "phase", $$""" "phase":"{{p.Split(':')[0]}}","state":"{{p.Split(':')[1]}}" """)))
        );
        folder.Write(Scenario, "Frontend/g-frontend-x1.log", "started");

        var row = folder.Parse().Scenarios[0];

        Assert.Equal(whole, row.State == RowState.Measured);
        Assert.Equal(whole, row.IsDone);
        Assert.Equal(!whole, row.LacksOnlyCollecting);
        Assert.Equal(whole ? 0 : 1, row.Diagnostics.Count(finding => finding.Code == "FT0832"));
    }

    [Fact]
    public void Parse_row_in_which_the_run_lost_its_namespace_is_invalid()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(
            folder, Scenario, more: Event(12, "error", """ "code":"FT0321","message":"the namespace's lease was taken by eve" """));

        var row = folder.Parse().Scenarios[0];

        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Notes, note => note.Contains("FT0833: the namespace's lease was taken by eve", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_folder_without_scenarios_is_refused()
    {
        using var folder = new ArtefactFolder();

        Assert.Equal("FT0801", Assert.Throws<FaultMatrixException>(() => folder.Parse()).Code);
        Assert.Equal(
            "FT0801",
            Assert.Throws<FaultMatrixException>(() => RunParser.Parse(folder.Path + "x", null, TestContext.Current.CancellationToken)).Code
        );
    }

    [Theory]
    [InlineData("UTC", 0)]
    [InlineData("+02:00", 2)]
    [InlineData("-0530", -5.5)]
    public void ParseOffset_reads_offsets(string text, double hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), ParseOptions.ParseOffset(text));

    [Theory]
    [InlineData("")]
    [InlineData("Berlin")]
    [InlineData(".5")]
    public void ParseOffset_refuses_the_rest(string text) => Assert.Throws<FaultMatrixException>(() => ParseOptions.ParseOffset(text));

    private static string Event(double at, string name, string keys) => $$"""{"at":"{{Utc(at)}}","event":"{{name}}",{{keys.Trim()}}}""";

    [Fact]
    public void Parse_load_that_a_limit_ended_is_no_sound_row_and_says_so()
    {
        var run = SyntheticRun.Parse(
            more: $$"""{"at":"{{Utc(20)}}","event":"load.stopped","limit":"errorShare","reason":"30 of 40 requests failed"}""");

        var row = Assert.Single(run.Scenarios);
        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains("stopWhen errorShare ended the load early: 30 of 40 requests failed", row.Notes);
        Assert.False(run.IsSound);
    }
}
