using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// A server whose streams, metrics and models never end, met by the whole command: it ends in time, says what had no end, and works within
/// 100 MB of managed memory (the runtime gives it no more; beyond that it would die of OutOfMemoryException).
/// </summary>
public sealed class EndlessTests(ClusterOfTest cluster, ITestOutputHelper log) : IClassFixture<ClusterOfTest>, IDisposable
{
    private const long HeapLimit = 100 * 1000 * 1000;
    private const long MostFiles = 64 * 1024 * 1024;
    private readonly TempFolder _temp = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("0.01", "Deadline")]
    [InlineData("0", "Malformed")]
    public async Task Load_whose_streams_and_metrics_never_end_ends_in_time_and_in_100_MB(string pause, string expected)
    {
        var scenarios = ForeignGraph.Write(
            _temp,
            """{ "clients": 4, "requestsPerClient": 4, "ratePerClient": 4, "outputTokens": 20, "timeout": 2, "stream": true, "retryDelay": 0.1, "maxSendLag": 5 }""",
            environment: [("STREAM", "endless"), ("METRICS", "endless"), ("PAUSE", pause)]
        );

        var (code, output) = await RunAsync(scenarios);

        // All were asked, each got the limit's own end, and the row says so.
        var run = Assert.Single(Directory.GetDirectories(_temp["results"]));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "summary.json"), Cancellation));
        var row = summary.RootElement.GetProperty("scenarios")[0];
        var became = row.GetProperty("requests").GetProperty("became");
        Assert.Equal(16, became.GetProperty(expected).GetInt32());
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.True(code is 0 or 1, output);

        // Every attempt has its limit, also those of a client whose last one was still getting tokens as its time was up.
        var folder = Assert.Single(Directory.GetDirectories(run, "test_fault_scenario*"));
        var attempts = Directory.GetFiles(folder, "client_*.log.txt").SelectMany(File.ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("results")[0]).ToList();
        Assert.All(attempts, attempt => Assert.InRange(attempt.GetProperty("request_elapsed_time").GetDouble(), 0, 10));
        var metrics = Directory.GetFiles(folder, "*.metrics.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadLines).ToList();
        Assert.Contains(metrics, line => line.Contains("\"error\"", StringComparison.Ordinal));
        Assert.InRange(Directory.GetFiles(run, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, MostFiles);
    }

    [Fact]
    public async Task Models_that_never_end_are_told_within_the_time_to_get_ready_and_in_100_MB()
    {
        var scenarios = ForeignGraph.Write(_temp, """{ "clients": 1, "requestsPerClient": 1 }""", environment: [("MODELS", "endless")]);

        var (code, output) = await RunAsync(scenarios, "--ready-timeout", "10");

        Assert.Equal(1, code);
        Assert.Matches("FT040[26].*longer than", output);
    }

    private async Task<(int Code, string Output)> RunAsync(string scenarios, params string[] more)
    {
        await using var script = BuildScript.Start(
            ["FaultMatrix", "--cluster-name", cluster.Name, "--scenarios-file", scenarios, "--results", _temp["results"], .. more],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = $"0x{HeapLimit:x}" }
        );
        var ended = script.WaitAsync();
        var peak = await PeakMemory.OfAsync(script.Id, ended);
        var code = await ended;
        log.WriteLine($"{peak / 1e6:0} MB resident at most, with the program itself and what it maps");
        log.WriteLine(script.Output);
        Assert.DoesNotContain("OutOfMemory", script.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", script.Output, StringComparison.Ordinal);
        return (code, script.Output);
    }
}
