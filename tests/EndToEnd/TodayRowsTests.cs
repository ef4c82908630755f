using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// Rows that upstream keeps today, of both forms of graph, in one run: one engine's smallest aggregated graph, and the disaggregated one
/// with two replicas of the engine with most processes. <see cref="EngineTests"/> has rows of each engine.
/// <c>./build.sh FaultMatrix --scenarios-file scenarios-today.json</c> runs all 207.
/// </summary>
[Collection(nameof(Alone))]
public sealed class TodayRowsTests
{
    private const string Disagg = "disagg-prefill-tp-1-decode-tp-1-dp-2";
    private static readonly string[] Deployments = ["vllm-agg-tp-1-dp-1", $"sglang-{Disagg}"];

    [Fact]
    public async Task Rows_of_today_are_measured_and_each_fault_is_proven_on_every_pod()
    {
        using var folder = new TempFolder();

        var run = await SoundRows.RunAsync(
            ["FaultMatrix", "--scenarios-file", "scenarios-today.json", "--deployment", .. Deployments], folder);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(17, run.Rows.Count);
        foreach (var (row, artefacts) in run.Rows)
        {
            var name = SoundRows.Name(row);
            var isBaseline = name.EndsWith("-none", StringComparison.Ordinal);
            Assert.Equal((name, isBaseline ? "Baseline" : "Measured"), (name, SoundRows.State(row)));
            var events = File.ReadLines(Path.Combine(artefacts, "timeline.jsonl"))
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
