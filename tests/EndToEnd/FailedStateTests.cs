using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>
/// Dynamo's operator says of a graph that it failed whenever a reconcile errs, and tries again. A graph that says so a few times and then
/// serves is measured; one that goes on saying so ends its row.
/// </summary>
public sealed class FailedStateTests
{
    private const int Patience = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Failed_five_times_is_measured_and_failed_for_longer_than_its_time_ends_the_row_with_FT0403()
    {
        using var folder = new TempFolder();
        var (code, output) = await BuildScript.RunAsync(
            ["FaultMatrix", "--scenarios-file", folder.Write("failed.json", Scenarios()), "--failed-timeout", $"{Patience}", "--results",
                folder["results"]]);

        Assert.True(code == 1, output);
        var run = Assert.Single(Directory.GetDirectories(folder["results"]));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "summary.json"),
            TestContext.Current.CancellationToken));
        var states = summary.RootElement.GetProperty("scenarios").EnumerateArray()
            .ToDictionary(row => row.GetProperty("scenario").GetString()!, row => row.GetProperty("state").GetString(),
                StringComparer.Ordinal);
        Assert.True((states["agg-none"], states["agg-decode_worker"]) is ("Baseline", "Measured"), output);
        foreach (var row in new[] { "agg-none", "agg-decode_worker" })
        {
            var told = File.ReadLines(Path.Combine(run, $"test_fault_scenario[{row}]", "timeline.jsonl"))
                .Select(line => JsonNode.Parse(line)!)
                .Single(e => e["event"]!.ToString() == "deployment.ready")["states"]!.AsArray().Select(state => state!.ToString());
            Assert.Contains("failed", told);
            Assert.Contains("successful", told);
        }

        Assert.NotEqual("Baseline", states["stuck-none"]);
        var lines = output.Split('\n');
        Assert.True(lines.Any(line => Regex.IsMatch(
            line, "FT0403.* without a break, state 'failed', .*the object has been modified", RegexOptions.None, Limit)), output);

        // One line says since when, however often it says so.
        var since = lines.Count(line => line.Contains("stuck", StringComparison.Ordinal) && Regex.IsMatch(
            line, $@"says since \d\d:\d\d:\d\dZ that it failed, .*the object has been modified.*; it ends the row after {Patience} s without a break",
            RegexOptions.None, Limit));
        Assert.True(since == 1, $"{since} lines say since when:\n{output}");
    }

    private static string Scenarios()
    {
        var file = JsonNode.Parse(ShortScenarios.Text(60))!;
        var deployments = file["deployments"]!.AsObject();
        deployments["stuck"] = deployments["agg"]!.DeepClone();
        foreach (var (name, errors) in new[] { ("agg", "5"), ("stuck", "1000000") })
        {
            deployments[name]!["env"] = new JsonObject { ["frontend"] = new JsonObject { ["STANDIN_RECONCILE_ERRORS"] = errors } };
        }

        file["profiles"]!["short"]!["parallelism"] = 3;
        file["matrix"] = JsonNode.Parse("""
            [ { "deployments": ["agg"], "failures": ["none", "decode_worker"] }, { "deployments": ["stuck"], "failures": ["none"] } ]
            """);
        return file.ToJsonString();
    }
}
