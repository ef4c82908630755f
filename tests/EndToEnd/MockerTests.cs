using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// scenarios-mocker.json: a real frontend, router and mocker, found by Kubernetes, through every failure, aggregated with one replica and
/// disaggregated with two.
/// </summary>
[Collection(nameof(Alone))]
public sealed class MockerTests(MockerRun run) : IClassFixture<MockerRun>
{
    private static readonly string[] Agg = ["none", "frontend", "frontend_pod", "decode_worker", "decode_worker_pod"];
    private static readonly string[] Disagg = [.. Agg, "prefill_worker", "prefill_worker_pod"];

    private static readonly (string Name, string[] Failures)[] Groups =
        [(MockerRun.Deployments[0], Agg), (MockerRun.Deployments[1], Disagg)];

    private IEnumerable<JsonElement> Rows => run.Run.Rows.Select(row => row.Row);

    [Fact]
    public void File_runsAsAWhole_andLeavesNothing()
    {
        Assert.True(run.Run.ExitCode == 0, run.Run.Output);
        Assert.All(run.Run.FrontIds, Leftovers.NoneOf);
    }

    [Fact]
    public void Rows_areAllThatTheMockerHas_eachMeasuredAndProven()
    {
        var expected = Groups.SelectMany(g => g.Failures.Select(f => $"{g.Name}-{f}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Rows.Select(SoundRows.Name).Order(StringComparer.Ordinal));
        foreach (var row in Rows)
        {
            var isNone = SoundRows.Name(row).EndsWith("-none", StringComparison.Ordinal);
            Assert.True(SoundRows.State(row) == (isNone ? "Baseline" : "Measured"), run.Run.Output);
            Assert.Equal(isNone, !row.GetProperty("fault").GetProperty("proofs").EnumerateArray().Any());
        }
    }

    [Fact]
    public void None_losesNothing() =>
        Assert.All(
            Rows.Where(row => SoundRows.Name(row).EndsWith("-none", StringComparison.Ordinal)),
            row => Assert.Equal(0, row.GetProperty("requests").GetProperty("failed").GetInt32()));

    [Fact]
    public void OneDecodeWorker_losesRequests_whenItGoes() =>
        Assert.All(
            Rows.Where(row => SoundRows.Name(row).Contains("-1-decode_worker", StringComparison.Ordinal)),
            row => Assert.InRange(row.GetProperty("requests").GetProperty("failed").GetInt32(), 1, int.MaxValue));

    [Fact]
    public void Results_areCalledAProductsOwn()
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run.Run.Folder, "summary.json")));
        Assert.False(summary.RootElement.GetProperty("standIn").GetBoolean());
    }

    [Fact]
    public void StandIn_inTheEnvironmentsPlace_registersByItsCard()
    {
        Assert.SkipWhen(run.IsReal, "the real Dynamo was run; its frontends find nobody without cards");
        foreach (var (_, folder) in run.Run.Rows)
        {
            Assert.Contains(
                Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => file.Contains("ecode", StringComparison.Ordinal)),
                file => File.ReadAllText(file).Contains("wrote worker card", StringComparison.Ordinal));
        }
    }
}
