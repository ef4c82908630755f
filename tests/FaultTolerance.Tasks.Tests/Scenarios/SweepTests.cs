using System.Text;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks;

namespace FaultTolerance.Tests.Scenarios;

public sealed class SweepTests
{
    [Fact]
    public void Sweep_makes_a_row_of_each_value_with_a_name_and_a_graph_of_its_own()
    {
        var catalog = Catalog("""{ "ratePerClient": [1, 2.5, 10] }""");

        Assert.Equal(["there-rate-1-none", "there-rate-2p5-none", "there-rate-10-none"], catalog.Matrix.Select(row => row.Name));
        Assert.Equal([1, 2.5, 10], catalog.Matrix.Select(row => row.Load.RatePerClient));
        Assert.Equal(6, catalog.Matrix.SelectMany(row => new[] { row.GraphName, row.AsTrial(2).GraphName }).Distinct().Count());
        Assert.Equal("there-rate-10-none", Assert.Single(catalog.Select(["there-rate-10-none"])).Name);
        Assert.All(catalog.All, row => Assert.Empty(row.Load.Sweep));
    }

    [Fact]
    public void Sweep_of_an_address_makes_rows_too() => Assert.Equal(
        ["url-clients-1-external", "url-clients-8-external"],
        Catalog("""{ "clients": [1, 8] }""").ForUrl(new UrlTarget("http://localhost"), null, null).Matrix.Select(row => row.Name));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "clients": [] }""")]
    [InlineData("""{ "clients": [1.5] }""")]
    [InlineData("""{ "clients": [0] }""")]
    [InlineData("""{ "clients": [2, 2] }""")]
    [InlineData("""{ "clients": [2], "ratePerClient": [1] }""")]
    [InlineData("""{ "retries": [2] }""")]
    public void Sweep_that_says_nothing_or_too_much_is_refused(string sweep) =>
        Assert.NotEmpty(Assert.Throws<ScenarioFileException>(() => Catalog(sweep)).Diagnostics);

    [Theory]
    [InlineData("\"goodput\": {}")]
    [InlineData("\"goodput\": { \"ttft\": 1 }")]
    [InlineData("\"stream\": true, \"goodput\": { \"ttft\": 0 }")]
    [InlineData("\"connections\": \"perRequest\", \"reuse\": \"inTurn\"")]
    [InlineData("\"continuity\": true")]
    [InlineData("\"mode\": \"open\", \"burstiness\": 2")]
    [InlineData("\"burstiness\": 2")]
    public void Load_that_contradicts_itself_is_refused(string more) =>
        Assert.NotEmpty(Assert.Throws<ScenarioFileException>(() => Catalog("""{ "clients": [1] }""", more)).Diagnostics);

    private static ScenarioCatalog Catalog(string sweep, string more = "\"stream\": true") => ScenarioFile.Parse(
        Encoding.UTF8.GetBytes($$"""
            {
              "deployments": { "there": { "url": "http://localhost" } },
              "failures": { "none": {} },
              "loads": { "l": { "clients": 2, {{more}}, "sweep": {{sweep}} } },
              "profiles": { "quick": { "load": "l" } },
              "matrix": [{ "deployments": ["*"], "failures": ["none"] }]
            }
            """),
        "/scenarios.json",
        new ScenarioOptions { Vocabulary = ScenarioSource.Vocabulary });
}
