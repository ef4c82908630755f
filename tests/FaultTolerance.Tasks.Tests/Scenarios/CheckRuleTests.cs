using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

public sealed class CheckRuleTests
{
    [Fact]
    public void Checks_of_a_row_are_those_of_all_entries_that_match_it_and_the_later_decides()
    {
        var catalog = Read("""
            [{"outageAtMost": 60, "recoveryAtMost": {"first_success": 20, "steady": 30}},
             {"failures": ["frontend*"], "recoveryAtMost": {"steady": 5}},
             {"deployments": ["agg-*"], "failures": ["frontend"], "outageAtMost": 3},
             {"loads": ["published"], "lostAtMost": 1}]
            """);

        Assert.Equal(["outageAtMost  3", "recoveryAtMost first_success 20", "recoveryAtMost steady 5"], Of("agg-tp-1-dp-1-frontend"));
        Assert.Equal(
            ["outageAtMost  60", "recoveryAtMost first_success 20", "recoveryAtMost steady 5"],
            Of("disagg-tp-1-dp-1-frontend_pod")
        );
        Assert.Equal(
            ["outageAtMost  60", "recoveryAtMost first_success 20", "recoveryAtMost steady 30"],
            Of("agg-tp-1-dp-1-decode_worker")
        );

        IEnumerable<string> Of(string name) =>
            catalog
                .Select([name])[0]
                .Checks.Where(check => !check.IsDefault)
                .Select(check => $"{check.Kind} {check.Subject} {check.AtMost}");
    }

    [Fact]
    public void Checks_for_a_failure_that_is_not_there_are_a_fault_with_its_line_and_the_nearest_name()
    {
        var error = Assert.Throws<ScenarioFileException>(() => Read("""[{"failures": ["frontent"], "outageAtMost": 3}]"""));

        var fault = Assert.Single(error.Diagnostics);
        Assert.Equal("FT0207", fault.Code);
        Assert.Equal("$.checks[0].failures[0]", fault.Path);
        Assert.Contains("frontend", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checks_of_an_entry_have_its_weight()
    {
        var catalog = Read("""[{"outageAtMost": 60, "generatorHealthy": true, "weight": 2.5}, {"lostAtMost": 3}]""");

        Assert.Equal([2.5, 1, 2.5], catalog.All[0].Checks.Where(check => !check.IsDefault).Select(check => check.Weight));
    }

    [Fact]
    public void Checks_left_out_are_the_default_ones_alone()
    {
        Assert.All(Read("[]").All, scenario => Assert.All(scenario.Checks, check => Assert.True(check.IsDefault)));
    }

    private static ScenarioCatalog Read(string checks)
    {
        var root = JsonNode.Parse(
            File.ReadAllText(RepositoryFiles.Scenarios),
            documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true }
        )!;
        root["checks"] = JsonNode.Parse(checks);
        return ScenarioFile.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "/x/scenarios.json", RepositoryFiles.NoManifests);
    }
}
