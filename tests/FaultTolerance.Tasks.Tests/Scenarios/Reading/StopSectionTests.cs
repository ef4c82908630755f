using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;
using NJsonSchema;

namespace FaultTolerance.Tests.Scenarios.Reading;

/// <summary><c>stopWhen</c> of a load and of a failure is one thing, and the stricter of both counts.</summary>
public sealed class StopSectionTests
{
    [Fact]
    public void StopWhen_of_load_and_failure_gives_the_row_the_stricter_of_both()
    {
        var stop = Read("""{ "errorShare": 0.5, "lost": 10 }""", """{ "errorShare": 0.2, "outage": 3 }""").StopWhen!;

        Assert.Equal((0.2, 10, TimeSpan.FromSeconds(3)), (stop.ErrorShare, stop.Lost, stop.Outage));
        Assert.Null(stop.Queue);
    }

    [Fact]
    public void StopWhen_that_nobody_gives_is_none() => Assert.Null(Read(null, null).StopWhen);

    [Theory]
    [InlineData("{}", "'stopWhen' needs at least one of errorShare, errorsInARow, lost, outage, latency, firstToken, queue")]
    [InlineData("""{ "window": 3 }""", "'stopWhen' needs at least one of")]
    [InlineData("""{ "errorShare": 2 }""", "'errorShare' is 2, but must be from 0 to 1")]
    [InlineData("""{ "errorSare": 0.2, "lost": 1 }""", "unknown key 'errorSare'; did you mean 'errorShare'?")]
    public async Task Mistakes_are_refused_by_reader_and_schema(string stop, string message)
    {
        var error = Assert.Throws<ScenarioFileException>(() => Read(stop, null));
        Assert.Contains(message, Assert.Single(error.Diagnostics).Message, StringComparison.Ordinal);

        var schema = await JsonSchema.FromJsonAsync(
            await File.ReadAllTextAsync(RepositoryFiles.Schema, TestContext.Current.CancellationToken),
                TestContext.Current.CancellationToken);
        Assert.NotEmpty(schema.Definitions["stopWhen"].Validate(stop));
    }

    private static LoadSpec Read(string? ofLoad, string? ofFailure) => Rows(file =>
    {
        if (ofLoad is not null)
        {
            file["loads"]!["l"]!["stopWhen"] = JsonNode.Parse(ofLoad);
        }

        if (ofFailure is not null)
        {
            file["failures"]!["f"]!["stopWhen"] = JsonNode.Parse(ofFailure);
        }
    }).Load;

    /// <summary>The one row of a small file, after a change to it.</summary>
    internal static Scenario Rows(Action<JsonNode> change)
    {
        var file = JsonNode.Parse("""
            {
              "defaultProfile": "p",
              "deployments": { "d": { "manifest": "d.yaml" } },
              "failures": { "f": { "faults": [ { "kind": "deletePod", "target": "decode" } ] } },
              "loads": { "l": {} },
              "profiles": { "p": { "load": "l" } },
              "matrix": [ { "deployments": ["d"], "failures": ["f"] } ]
            }
            """)!;
        change(file);
        return ScenarioFile.Parse(
            Encoding.UTF8.GetBytes(file.ToJsonString()),
            "/x/scenarios.json",
            new ScenarioOptions { CheckManifests = false, Vocabulary = RepositoryFiles.Vocabulary }).Matrix[0];
    }
}
