using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;
using NJsonSchema;

namespace FaultTolerance.Tests.Scenarios.Reading;

/// <summary>What a step may wait for, and the mistakes that reader and schema refuse alike.</summary>
public sealed class WhenKeyTests
{
    [Theory]
    [InlineData("\"steady\"", "Steady")]
    [InlineData("\"firstError\"", "FirstError")]
    [InlineData("""{ "is": "ready", "within": 30 }""", "Ready")]
    [InlineData("""{ "log": "dead", "service": "Dec*" }""", "Log")]
    [InlineData("""{ "metric": "queue", "atLeast": 3 }""", "Metric")]
    [InlineData("""{ "load": 0.5 }""", "Load")]
    public async Task When_is_read_and_what_comes_after_a_wait_comes_at_once(string when, string start)
    {
        var fault = Fault(when);

        Assert.Equal(Enum.Parse<FaultStart>(start), fault.When);
        Assert.Equal(TimeSpan.Zero, fault.After);
        Assert.Empty(await ErrorsAsync(when));
    }

    [Theory]
    [InlineData("\"stedy\"", "did you mean 'steady'?")]
    [InlineData("{}", "'when' needs one of is, log, metric, load")]
    [InlineData("""{ "log": "a", "load": 0.5 }""", "'when' needs one of is, log, metric, load")]
    [InlineData("""{ "metric": "queue" }""", "a wait for a metric needs 'atLeast', 'atMost' or both")]
    [InlineData("""{ "load": 2 }""", "'load' is 2, but must be from 0 to 1")]
    public async Task Mistakes_are_refused_by_reader_and_schema(string when, string message)
    {
        var error = Assert.Throws<ScenarioFileException>(() => Fault(when));

        Assert.Contains(message, Assert.Single(error.Diagnostics).Message, StringComparison.Ordinal);
        Assert.NotEmpty(await ErrorsAsync(when));
    }

    [Fact]
    public void Heal_step_that_names_a_later_step_is_refused()
    {
        var error = Assert.Throws<ScenarioFileException>(() => StopSectionTests.Rows(file =>
            file["failures"]!["f"]!["faults"]!.AsArray().Add(JsonNode.Parse("""{ "kind": "heal", "step": 2 }"""))));

        Assert.Contains("'step' is 2, but the steps before this one are 1", Assert.Single(error.Diagnostics).Message,
            StringComparison.Ordinal);
    }

    private static Fault Fault(string when) => StopSectionTests.Rows(file =>
        file["failures"]!["f"]!["faults"]![0]!["when"] = JsonNode.Parse(when)).Failure.Faults[0];

    private static async Task<IEnumerable<object>> ErrorsAsync(string when)
    {
        var schema = await JsonSchema.FromJsonAsync(
            await File.ReadAllTextAsync(RepositoryFiles.Schema, TestContext.Current.CancellationToken),
                TestContext.Current.CancellationToken);
        return schema.Definitions["fault"].Validate($$"""{ "kind": "deletePod", "target": "decode", "when": {{when}} }""");
    }
}
