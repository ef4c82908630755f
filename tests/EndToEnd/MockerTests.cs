using System.Text.Json;

namespace EndToEnd;

/// <summary>scenarios-mocker.json: a real frontend, router and mocker, found by Kubernetes, through every failure.</summary>
[Collection(nameof(Alone))]
public sealed class MockerTests(MockerRun run) : IClassFixture<MockerRun>
{
    private static readonly string[] Agg = ["none", "frontend", "frontend_pod", "decode_worker", "decode_worker_pod"];
    private static readonly string[] Disagg = [.. Agg, "prefill_worker", "prefill_worker_pod"];

    private static readonly (string Name, string[] Failures)[] Groups =
        [("mocker-agg-1", Agg), ("mocker-agg-2", Agg), ("mocker-disagg-1", Disagg), ("mocker-disagg-2", Disagg)];

    [Fact]
    public void File_runsAsAWhole_andLeavesNothing()
    {
        Assert.True(run.ExitCode == 0, run.Output);
        Leftovers.NoneOf(run.FrontId);
    }

    [Fact]
    public void Rows_areAllThatTheMockerHas_eachMeasuredAndProven()
    {
        var expected = Groups.SelectMany(g => g.Failures.Select(f => $"{g.Name}-{f}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), run.Rows.Select(Name).Order(StringComparer.Ordinal));
        foreach (var row in run.Rows)
        {
            var isNone = Name(row).EndsWith("-none", StringComparison.Ordinal);
            Assert.True(row.GetProperty("state").GetString() == (isNone ? "Baseline" : "Measured"), run.Output);
            Assert.Equal(isNone, !row.GetProperty("fault").GetProperty("proofs").EnumerateArray().Any());
        }
    }

    [Fact]
    public void None_losesNothing() =>
        Assert.All(
            run.Rows.Where(row => Name(row).EndsWith("-none", StringComparison.Ordinal)),
            row => Assert.Equal(0, row.GetProperty("requests").GetProperty("failed").GetInt32()));

    [Fact]
    public void OneDecodeWorker_losesRequests_whenItGoes() =>
        Assert.All(
            run.Rows.Where(row => Name(row).Contains("-1-decode_worker", StringComparison.Ordinal)),
            row => Assert.InRange(row.GetProperty("requests").GetProperty("failed").GetInt32(), 1, int.MaxValue));

    [Fact]
    public void Results_areCalledAProductsOwn()
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run.Folder, "summary.json")));
        Assert.False(summary.RootElement.GetProperty("standIn").GetBoolean());
    }

    [Fact]
    public void StandIn_inTheEnvironmentsPlace_registersByItsCard()
    {
        Assert.SkipWhen(run.IsReal, "the real Dynamo was run; its frontends find nobody without cards");
        foreach (var row in run.Rows)
        {
            var folder = Path.Combine(run.Folder, $"test_fault_scenario[{Name(row)}]");
            Assert.Contains(
                Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => file.Contains("ecode", StringComparison.Ordinal)),
                file => File.ReadAllText(file).Contains("wrote worker card", StringComparison.Ordinal));
        }
    }

    private static string Name(JsonElement row) => row.GetProperty("scenario").GetString()!;
}
