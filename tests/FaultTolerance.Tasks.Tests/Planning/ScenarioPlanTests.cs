using FaultTolerance.Planning;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Planning;

public sealed class ScenarioPlanTests
{
    private const string Row = """
        {
          "defaultProfile": "p",
          "deployments": { "agg": { "manifest": "agg.yaml", "replicas": 1, "tensorParallel": 1, "roles": ["frontend", "decode"] } },
          "failures": { "none": {} }, "loads": { "l": LOAD }, "profiles": { "p": { "load": "l" } },
          "matrix": [ { "deployments": ["agg"], "failures": ["*"] } ]
        }
        """;

    [Theory]
    [InlineData("{ }", "1000 requests of 10 clients")]
    [InlineData("""{ "from": "cluster" }""", "of 10 clients, sent from a pod of the cluster")]
    [InlineData("""{ "from": "cluster", "pods": 3 }""", "of 10 clients, sent from 3 pods of the cluster")]
    [InlineData(
        """{ "from": "both", "pods": 3, "probeRate": 0.5 }""",
        "of 10 clients, sent from 3 pods of the cluster, and beside them one client from here, 0.5 requests a second")]
    public void Lines_first_says_who_sends(string load, string words)
    {
        var row = ScenarioFile.Parse(
            System.Text.Encoding.UTF8.GetBytes(Row.Replace("LOAD", load, StringComparison.Ordinal)), Path.GetFullPath("scenarios.json"),
            new ScenarioOptions { CheckManifests = false }).Matrix[0];

        Assert.EndsWith(words, ScenarioPlan.Lines(row).First().Text, StringComparison.Ordinal);
    }
}
