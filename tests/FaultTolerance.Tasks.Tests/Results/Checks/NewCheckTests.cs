using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Results.Checks;

/// <summary>A new check is one class and one line: it is then read, in the schema, kept with the run, and judged.</summary>
public sealed class NewCheckTests
{
    private static readonly CheckCatalog Catalog = CheckCatalog.Default.With(new AttemptsAtMost());

    [Fact]
    public void Check_that_is_new_is_read_kept_and_judged()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend");
        var scenario = Read("""[{"attemptsAtMost": 7}, {"outageAtMost": 60}]""").Select(["agg-tp-1-dp-1-frontend"])[0];

        CheckFile.Write(folder.Path, [scenario]);
        var checks = RunJudge.Judge(folder.Parse(), Catalog).Verdict.ChecksOf(scenario.Name);

        Assert.Equal(["outage at most 60 s", "attempts at most 7"], checks.Where(check => !check.IsDefault).Select(check => check.Asked));
        Assert.Equal([CheckOutcome.Pass, CheckOutcome.Fail], checks.Where(check => !check.IsDefault).Select(check => check.Outcome));
        Assert.Contains(
            "attemptsAtMost",
            CheckSchema.Of(Common(), Catalog.Vocabulary.Checks)["properties"]!.AsObject().Select(pair => pair.Key)
        );
    }

    [Fact]
    public void Check_that_is_new_reports_what_is_wrong_with_its_key()
    {
        var error = Assert.Throws<ScenarioFileException>(() => Read("""[{"attemptsAtMost": -1}]"""));

        Assert.Equal(("FT0205", "$.checks[0].attemptsAtMost"), (error.Diagnostics[0].Code, error.Diagnostics[0].Path));
    }

    [Theory]
    [InlineData("""{"processes": [{"service": "decode*", "process": "x", "count": 1}]}""", true, false)]
    [InlineData("""{"healthEndpoint": [{"service": "decode*", "badWithin": 1}]}""", false, true)]
    [InlineData("""{"outageAtMost": 60}""", false, false)]
    public void Check_says_what_has_to_be_gathered_and_of_which_services(string check, bool processes, bool health)
    {
        var checks = Read($"[{check}]").Select(["agg-tp-1-dp-1-frontend"])[0].Checks;

        var (listed, asked) = (Catalog.ServicesFor(CheckNeed.Processes, checks), Catalog.ServicesFor(CheckNeed.Health, checks));

        Assert.Equal((processes, health), (listed is not null, asked is not null));
        var either = listed ?? asked ?? (static _ => false);
        Assert.Equal((processes || health, false), (either("decode-1"), either("frontend")));
    }

    [Fact]
    public void Check_that_is_not_known_is_a_fault_of_the_runs_file() =>
        Assert.Contains("attemptsAtMost", Broken("""{"kind":"attemptsAtMost","atMost":1}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("outageAtMost")]
    [InlineData("recoveryAtMost")]
    [InlineData("metricInRange")]
    public void Check_without_its_limit_is_a_fault_of_the_runs_file(string kind) =>
        Assert.Contains(kind, Broken($$"""{"kind":"{{kind}}"}"""), StringComparison.Ordinal);

    private static string Broken(string check)
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend");
        File.WriteAllText(Path.Combine(folder.Path, CheckFile.Name), $$"""{"agg-tp-1-dp-1-frontend":[{{check}}]}""");
        var error = Assert.Throws<FaultMatrixException>(() => RunJudge.Judge(folder.Parse()));
        Assert.Equal("FT0816", error.Code);
        return error.Message;
    }

    private static JsonObject Common() => JsonNode.Parse(File.ReadAllText(RepositoryFiles.Schema))!["definitions"]!["check"]!.AsObject();

    private static ScenarioCatalog Read(string checks)
    {
        var root = JsonNode.Parse(
            File.ReadAllText(RepositoryFiles.Scenarios),
            documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true }
        )!;
        root["checks"] = JsonNode.Parse(checks);
        return ScenarioFile.Parse(
            Encoding.UTF8.GetBytes(root.ToJsonString()),
            "/x/scenarios.json",
            RepositoryFiles.NoManifests with
            {
                Vocabulary = RepositoryFiles.Vocabulary with { Checks = Catalog.Vocabulary.Checks },
            }
        );
    }
}
