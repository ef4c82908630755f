using System.Text.Json;

namespace EndToEnd;

/// <summary>
/// An init or a shell as PID 1 around the engine: the engine is hit and not what is wrapped around it, SIGKILL means SIGKILL, and the
/// container ends with 137, as one whose program was killed does.
/// </summary>
public sealed class WrapperTests(ClusterOfTest cluster) : IClassFixture<ClusterOfTest>, IDisposable
{
    private const string Row = "wrapped-decode_worker_kill";
    private readonly TempFolder _temp = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("tini", "[{0}, --, python3, -m, dynamo.vllm]")]
    [InlineData("dumb-init", "[{0}, --, python3, -m, dynamo.vllm]")]
    [InlineData("sh", "[{0}, -c, 'python3 -m dynamo.vllm \"$@\"; exit $?', sh]")]
    public async Task Sigkill_of_a_wrapped_engine_hits_the_engine_and_ends_its_container_with_137(string wrapper, string command)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin")
            .Select(folder => Path.Combine(folder, wrapper)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"there is no {wrapper} on PATH");
        Write(string.Format(System.Globalization.CultureInfo.InvariantCulture, command, path));

        var (code, output) = await cluster.BuildAsync(
            "FaultMatrix", "--scenario", Row, "--scenarios-file", _temp["scenarios.json"], "--results", _temp["results"]);

        Assert.True(code == 0, output);
        var folder = Assert.Single(Directory.GetDirectories(Assert.Single(Directory.GetDirectories(_temp["results"])), "test_fault_scenario*"));
        var timeline = (await File.ReadAllLinesAsync(Path.Combine(folder, "timeline.jsonl"), Cancellation))
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var landed = Assert.Single(timeline, item => Name(item) == "fault.landed");
        Assert.NotEqual(1, landed.GetProperty("pid").GetInt32());
        Assert.StartsWith("python3 -m dynamo.vllm", landed.GetProperty("command").GetString(), StringComparison.Ordinal);
        Assert.Equal("SIGKILL", landed.GetProperty("signal").GetString());
        // Whichever is seen first.
        Assert.Matches("process gone|container (ended|restarted) .*exit code 137", landed.GetProperty("proof").GetString());
        // The first end after it; the teardown has another.
        var ended = timeline.First(item =>
            Name(item) == "pod" && item.GetProperty("change").GetString() == "container_terminated"
                && item.GetProperty("pod").GetString() == landed.GetProperty("pod").GetString()
                && string.CompareOrdinal(item.GetProperty("at").GetString(), landed.GetProperty("at").GetString()) >= 0
                && item.GetProperty("restarts").GetInt32() <= 1 && item.TryGetProperty("exitCode", out var exit) && exit.GetInt32() != 0);
        Assert.Equal(137, ended.GetProperty("exitCode").GetInt32());
    }

    private static string? Name(JsonElement item) => item.GetProperty("event").GetString();

    // The graph of deployments/plain-agg.yaml with the worker's command wrapped.
    private void Write(string command)
    {
        var graph = File.ReadAllText(Path.Combine(Repository.Root, "deployments", "plain-agg.yaml"));
        Assert.Contains("command: [python3, -m, dynamo.vllm]", graph, StringComparison.Ordinal);
        _temp.Write("wrapped.yaml", graph
            .Replace("plain-agg", "wrapped", StringComparison.Ordinal)
            .Replace("command: [python3, -m, dynamo.vllm]", $"command: {command}", StringComparison.Ordinal));
        _temp.Write("scenarios.json", """
            {
              "defaultProfile": "own",
              "deployments": { "wrapped": { "manifest": "wrapped.yaml", "roles": ["frontend", "decode"] } },
              "failures": { "decode_worker_kill": { "kind": "killProcess", "target": "decode", "process": "dynamo.vllm", "signal": "SIGKILL" } },
              "loads": { "own": { "clients": 2, "requestsPerClient": 30, "ratePerClient": 10, "timeout": 5, "maxSendLag": 5 } },
              "profiles": {
                "own": {
                  "load": "own", "after": 1,
                  "environment": {
                    "STANDIN_ENGINE_START_SECONDS": "0.5", "STANDIN_FRONTEND_START_SECONDS": "0.1", "STANDIN_PREFILL_MS": "5", "STANDIN_TOKEN_MS": "0.2"
                  }
                }
              },
              "matrix": [ { "deployments": ["*"], "failures": ["*"] } ]
            }
            """);
    }
}
