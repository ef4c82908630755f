using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// Forty-eight of the rows that upstream keeps today, of each engine's smallest aggregated graph and of its disaggregated one with two
/// replicas, in one run. <c>./build.sh FaultMatrix --scenarios-file scenarios-today.json</c> runs all 207.
/// </summary>
[Collection(nameof(Alone))]
public sealed class TodayRowsTests
{
    private const string Disagg = "disagg-prefill-tp-1-decode-tp-1-dp-2";

    [Fact]
    public async Task Rows_of_today_are_measured_and_each_fault_is_proven_on_every_pod()
    {
        using var folder = new TempFolder();
        string[] deployments = [.. new[] { "vllm", "sglang", "trtllm" }.SelectMany(engine => new[] { $"{engine}-agg-tp-1-dp-1", $"{engine}-{Disagg}" })];

        // More at a time than the profile's: two of three rows wait for a client's next request or a probe most of the while.
        var (code, output) = await BuildScript.RunAsync(
            [
                "FaultMatrix", "--scenarios-file", "scenarios-today.json", "--parallelism", "7", "--deployment", .. deployments,
                "--results", folder["results"],
            ]);

        Assert.True(code == 0, output);
        var run = Assert.Single(Directory.GetDirectories(folder["results"]));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "summary.json"), TestContext.Current.CancellationToken));
        var rows = summary.RootElement.GetProperty("scenarios").EnumerateArray().ToArray();
        Assert.Equal(48, rows.Length);
        foreach (var row in rows)
        {
            var name = row.GetProperty("scenario").GetString()!;
            var isBaseline = name.EndsWith("-none", StringComparison.Ordinal);
            Assert.Equal((name, isBaseline ? "Baseline" : "Measured"), (name, row.GetProperty("state").GetString()));
            var events = File.ReadLines(Path.Combine(run, $"test_fault_scenario[{name}]", "timeline.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
            var issued = Of(events, "fault.issued");
            var landed = Of(events, "fault.landed");
            Assert.Equal((name, isBaseline ? 0 : name.Contains(Disagg, StringComparison.Ordinal) ? 2 : 1), (name, landed.Length));
            if (issued.Length == 2 && issued[0].GetProperty("kind").GetString() == "killProcess")
            {
                // From pod to pod: the second order comes after the first one's proof.
                Assert.True(string.CompareOrdinal(issued[1].GetProperty("at").GetString(), landed[0].GetProperty("at").GetString()) > 0, name);
            }
        }

        static JsonElement[] Of(JsonElement[] events, string name) => [.. events.Where(e => e.GetProperty("event").GetString() == name)];
    }
}
