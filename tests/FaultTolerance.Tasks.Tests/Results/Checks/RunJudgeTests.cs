using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Results.Checks;

/// <summary>
/// The truth table of the checks: pass and fail on a known outage of about 4 s, unknown wherever the artefacts do not tell.
/// </summary>
public sealed class RunJudgeTests
{
    private static IEnumerable<string> Kinds => CheckCatalog.Default.All.SelectMany(check => check.Kinds);

    // xunit wants its cases public, and these are of internal types.
    private static class Cases
    {
        public static TheoryData<CheckSpec, CheckOutcome> OnAKnownOutage => new()
        {
            { new CheckSpec("outageAtMost") { AtMost = 4.5 }, CheckOutcome.Pass },
            { new CheckSpec("outageAtMost") { AtMost = 3.5 }, CheckOutcome.Fail },
            { new CheckSpec("lostAtMost") { AtMost = 40 }, CheckOutcome.Pass },
            { new CheckSpec("lostAtMost") { AtMost = 39 }, CheckOutcome.Fail },
            { new CheckSpec("successAfterAtLeast") { AtLeast = 0.79 }, CheckOutcome.Pass },
            { new CheckSpec("successAfterAtLeast") { AtLeast = 0.85 }, CheckOutcome.Fail },
            { new CheckSpec("recoveryAtMost") { Subject = "first_success", AtMost = 5 }, CheckOutcome.Pass },
            { new CheckSpec("recoveryAtMost") { Subject = "pod_ready", AtMost = 3 }, CheckOutcome.Fail },
            { new CheckSpec("recoveryAtMost") { Subject = "endpoint_back", AtMost = 3 }, CheckOutcome.Fail },
            { new CheckSpec("recoveryAtMost") { Subject = "endpoint_back", AtMost = 300 }, CheckOutcome.Unknown },
            { new CheckSpec("recoveryAtMost") { Subject = "engine_initialised", AtMost = 300 }, CheckOutcome.Unknown },
            { new CheckSpec("latencyAgainstBefore") { Subject = "p95", AtMost = 1.2 }, CheckOutcome.Pass },
            { new CheckSpec("latencyAgainstBefore") { Subject = "p95", AtMost = 0.5 }, CheckOutcome.Fail },
            { new CheckSpec("latencyAgainstBefore") { Subject = "p99", AtMost = 9 }, CheckOutcome.Unknown },
            { new CheckSpec("noRestartElsewhere"), CheckOutcome.Pass },
            { new CheckSpec("generatorHealthy"), CheckOutcome.Pass },
            { new CheckSpec("logContains") { Service = "*", Subject = "x" }, CheckOutcome.Unknown },
            { new CheckSpec("logContainsNot") { Service = "*", Subject = "x" }, CheckOutcome.Unknown },
            { new CheckSpec("metricInRange") { Service = "*", Subject = "x", AtMost = 1 }, CheckOutcome.Unknown },
            { new CheckSpec("successAtLeast") { AtLeast = 0.86 }, CheckOutcome.Pass },
            { new CheckSpec("successAtLeast") { AtLeast = 0.9 }, CheckOutcome.Fail },
            { new CheckSpec("requestsAtLeast") { AtLeast = 260 }, CheckOutcome.Pass },
            { new CheckSpec("requestsAtLeast") { AtLeast = 261 }, CheckOutcome.Fail },
            { new CheckSpec("counterIncrease") { Service = "*", Subject = "dynamo_x", AtMost = 1 }, CheckOutcome.Unknown },
            { new CheckSpec("logLines") { Service = "*", Subject = "x", AtMost = 1 }, CheckOutcome.Unknown },
            { new CheckSpec("memoryGrowthAtMost") { AtMost = 1 }, CheckOutcome.Unknown },
            { new CheckSpec("cascadeAtMost") { AtMost = 5 }, CheckOutcome.Unknown },
            { new CheckSpec("unhealthyWithin") { AtMost = 3 }, CheckOutcome.Fail },
            { new CheckSpec("unhealthyWithin") { AtMost = 300 }, CheckOutcome.Unknown },
            { new CheckSpec("healthyAgainWithin") { AtMost = 30 }, CheckOutcome.Unknown },
            { new CheckSpec("tokenPauseAtMost") { AtMost = 1 }, CheckOutcome.Unknown },
            { new CheckSpec("noRestartIn") { Service = "Frontend" }, CheckOutcome.Fail },
            { new CheckSpec("allPodsNew"), CheckOutcome.Unknown },
        };
    }

    [Theory]
    [MemberData(nameof(Cases.OnAKnownOutage), MemberType = typeof(Cases))]
    internal void Judge_on_a_known_outage(CheckSpec check, CheckOutcome outcome)
    {
        var result = RunJudge.Judge("/results", SyntheticRun.Parse().Scenarios[0], check);

        Assert.True(outcome == result.Outcome, $"{result.Asked}: {result.Outcome}, {result.Evidence}");
        Assert.NotEmpty(result.Evidence);
    }

    [Theory]
    [InlineData(RowState.Failed)]
    [InlineData(RowState.Invalid)]
    [InlineData(RowState.Unproven)]
    internal void Judge_on_a_row_that_cannot_be_trusted_is_unknown_for_every_kind_but_the_generator(RowState state)
    {
        var row = SyntheticRun.Parse().Scenarios[0] with { State = state };

        Assert.All(Kinds.Where(kind => kind != "generatorHealthy"), kind => Assert.Equal(
                CheckOutcome.Unknown,
                RunJudge
                    .Judge(
                        "/results",
                        row,
                        new CheckSpec(kind)
                        {
                            Subject = "p95",
                            Service = "*",
                            AtLeast = 0,
                            AtMost = 1e9,
                        }
                    )
                    .Outcome
            ));
    }

    [Fact]
    public void Judge_without_any_artefact_never_passes()
    {
        var row = new ScenarioResult
        {
            Name = "a-b",
            Group = "a",
            Folder = "/nowhere",
            State = RowState.Measured,
            Books = new RequestBooks(null, 0, 0, 0, 0, 0),
            Row = new FaultTolerance.Results.Legacy.LegacyRow("b"),
        };

        Assert.All(Kinds, kind => Assert.NotEqual(
                CheckOutcome.Pass,
                RunJudge
                    .Judge(
                        "/results",
                        row,
                        new CheckSpec(kind)
                        {
                            Subject = "first_success",
                            Service = "*",
                            AtLeast = 0,
                            AtMost = 1e9,
                        }
                    )
                    .Outcome
            ));
    }

    [Fact]
    public void Judge_sees_a_restart_elsewhere_and_a_generator_that_was_late()
    {
        var row = SyntheticRun
            .Parse(
                more: $$"""
                {"at":"{{ArtefactFolder.Utc(12)}}","event":"pod","service":"Worker","pod":"w1","uid":"u2","change":"restarted","restarts":1}
                """
            )
            .Scenarios[0];
        var late = SyntheticRun
            .Parse(more: $$"""{"at":"{{ArtefactFolder.Utc(31)}}","event":"load.health","valid":false,"reasons":["late"]}""")
            .Scenarios[0];

        Assert.Contains("w1", Fails(row, "noRestartElsewhere"), StringComparison.Ordinal);
        Assert.Contains("late", Fails(late, "generatorHealthy"), StringComparison.Ordinal);

        static string Fails(ScenarioResult row, string kind)
        {
            var result = RunJudge.Judge("/results", row, new CheckSpec(kind));
            Assert.Equal(CheckOutcome.Fail, result.Outcome);
            return result.Evidence;
        }
    }

    [Theory]
    [InlineData("logContains", "serving", CheckOutcome.Pass)]
    [InlineData("logContains", "absent", CheckOutcome.Fail)]
    [InlineData("logContainsNot", "serving", CheckOutcome.Fail)]
    [InlineData("logContainsNot", "absent", CheckOutcome.Pass)]
    [InlineData("metricInRange", "queue", CheckOutcome.Fail)]
    [InlineData("metricInRange", "queue{pod=\"a\"}", CheckOutcome.Pass)]
    [InlineData("metricInRange", "que", CheckOutcome.Unknown)]
    internal void Judge_reads_logs_and_metrics(string kind, string subject, CheckOutcome outcome)
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend");
        folder.Write("agg-tp-1-dp-1-frontend", "Frontend/p.log", "started", "serving");
        folder.Write(
            "agg-tp-1-dp-1-frontend",
            "Frontend/p.metrics.log",
            "# HELP queue absent",
            "queue{pod=\"a\"} 3",
            "queue{pod=\"b\"} 7.5e1 1700000000"
        );

        var result = RunJudge.Judge(
            folder.Path,
            folder.Parse().Scenarios[0],
            new CheckSpec(kind)
            {
                Service = "Front*",
                Subject = subject,
                AtMost = 10,
            }
        );

        Assert.True(outcome == result.Outcome, result.Evidence);
    }

    [Theory]
    [InlineData("queue", 9, CheckOutcome.Pass)]
    [InlineData("queue", 8, CheckOutcome.Fail)]
    internal void Judge_counts_what_a_metric_was_through_the_load(string metric, double most, CheckOutcome outcome)
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend");
        folder.Write(
            "agg-tp-1-dp-1-frontend",
            "Frontend/p.metrics.jsonl",
            SyntheticRun.Metrics(1, 3),
            SyntheticRun.Metrics(2, 9),
            SyntheticRun.Metrics(3, 0)
        );
        folder.Write("agg-tp-1-dp-1-frontend", "Frontend/p.metrics.log", "queue 0");

        var result = RunJudge.Judge(
            folder.Path,
            folder.Parse().Scenarios[0],
            new CheckSpec("metricInRange")
            {
                Service = "*",
                Subject = metric,
                AtMost = most,
            }
        );

        Assert.True(outcome == result.Outcome, result.Evidence);
        Assert.Contains("4 values from 0 to 9", result.Evidence, StringComparison.Ordinal);
        Assert.Equal(outcome == CheckOutcome.Fail, result.Evidence.Contains("9 in line 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Scores_weigh_checks_and_are_never_100_percent_unless_all_passed()
    {
        CheckResult Check(CheckOutcome outcome, double weight) => new("k", "asked", outcome, "evidence") { Weight = weight };
        var row = SyntheticRun.Parse().Scenarios[0];
        Score Of(params CheckResult[] checks) =>
            Assert.Single(new RunVerdict(RunVerdict.None.Rows.Add(row.Name, [.. checks])).Scores([row]));

        var score = Of(Check(CheckOutcome.Pass, 3), Check(CheckOutcome.Fail, 1), Check(CheckOutcome.Unknown, 1));

        Assert.Equal(0.6, score.Share, 9);
        Assert.Equal("agg-tp-1-dp-1 60 % (1 of 3 checks)", $"{score}");
        Assert.Equal("agg-tp-1-dp-1 99 % (1 of 2 checks)", $"{Of(Check(CheckOutcome.Pass, 1000), Check(CheckOutcome.Unknown, 0.001))}");
        Assert.Equal("agg-tp-1-dp-1 100 % (1 of 1 checks)", $"{Of(Check(CheckOutcome.Pass, 1))}");
        Assert.Empty(RunVerdict.None.Scores([row]));
    }

    [Fact]
    public void Judge_without_checks_gives_no_verdict_and_with_a_broken_file_an_error()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend");
        Assert.Null(RunJudge.Judge(folder.Parse()).Verdict.Overall);

        File.WriteAllText(
            Path.Combine(folder.Path, CheckFile.Name),
            """{"agg-tp-1-dp-1-frontend":[{"kind":"outageAtMost","atMost":1,"more":2}]}"""
        );

        Assert.Equal("FT0816", Assert.Throws<FaultMatrixException>(() => RunJudge.Judge(folder.Parse())).Code);
    }

    [Fact]
    public void Write_and_Judge_agree_on_the_file()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend");
        var load = new LoadSpec();
        var scenario = new Scenario(new Deployment { Name = "agg-tp-1-dp-1", Manifest = "m" }, new Failure("frontend", []), load, "quick")
        {
            GraphName = "g",
            Checks =
            [
                new CheckSpec("outageAtMost") { AtMost = 1 },
                new CheckSpec("generatorHealthy"),
                new CheckSpec("recoveryAtMost") { Subject = "endpoint_back", AtMost = 900 },
            ],
        };

        CheckFile.Write(folder.Path, [scenario]);
        var verdict = RunJudge.Judge(folder.Parse()).Verdict;

        Assert.Equal(
            [CheckOutcome.Fail, CheckOutcome.Pass, CheckOutcome.Unknown],
            verdict.ChecksOf(scenario.Name).Select(check => check.Outcome)
        );
        Assert.Equal(CheckOutcome.Fail, verdict.Overall);
        Assert.True(verdict.Stops(strict: false));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Stops_on_unknown_only_when_strict(bool strict, bool stops)
    {
        var verdict = new RunVerdict(
            RunVerdict.None.Rows.Add(
                "a",
                [new CheckResult("k", "asked", CheckOutcome.Unknown, "none"), new CheckResult("k", "asked", CheckOutcome.Pass, "ok")]
            )
        );

        Assert.Equal(stops, verdict.Stops(strict));
        Assert.Equal(CheckOutcome.Unknown, verdict.Overall);
    }
}
