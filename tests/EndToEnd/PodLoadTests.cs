using System.Text.Json;

namespace EndToEnd;

/// <summary>Loads that pods of the cluster send: a row is as one process's, a pod that dies is told, and nothing of them stays.</summary>
[Collection(nameof(Alone))]
public sealed class PodLoadTests(ClusterOfTest cluster, ITestOutputHelper log) : IClassFixture<ClusterOfTest>, IDisposable
{
    private const string LoadPods = "labelSelector=faultmatrix.dev%2Fload";
    private const string Twice = """
        "none": {}, "twice": { "faults": [
          { "kind": "killProcess", "target": "frontend", "process": "dynamo.frontend", "signal": "SIGKILL" },
          { "kind": "killProcess", "target": "frontend", "process": "dynamo.frontend", "signal": "SIGKILL", "when": "steady" }
        ] }
        """;

    private readonly TempFolder _temp = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Row_of_four_pods_is_whole_and_says_how_they_started()
    {
        var (code, output) = await BuildScript.RunAsync(Command(requests: 30));

        log.WriteLine(output);
        Assert.Equal(0, code);
        var row = await RowAsync();
        Assert.Equal("pass", row.GetProperty("verdict").GetString());
        Assert.Equal([30, 30, 30, 30], Enumerable.Range(0, 4).Select(client => Lines(client).Count));
        Assert.All(
            Enumerable.Range(0, 4),
            client => Assert.Equal(Enumerable.Range(0, 30), Lines(client).Select(line => line.GetProperty("request").GetInt32())));
        var pods = Events("load.pod");
        Assert.Equal([0, 1, 2, 3], pods.Select(pod => pod.GetProperty("firstClient").GetInt32()).Order());
        Assert.All(pods, pod => Assert.InRange(pod.GetProperty("offset").GetDouble(), -1, 1));
        Assert.All(pods, pod => Assert.InRange(pod.GetProperty("stampUncertainty").GetDouble(), 0, 0.5));
        Assert.InRange(Assert.Single(Events("load.spread")).GetProperty("spread").GetDouble(), 0, 2);
        Assert.Single(Events("load.first_request"));
        Assert.Single(Events("load.started"));
        Assert.Equal(120, Assert.Single(Events("load.ended")).GetProperty("succeeded").GetInt32());
        Assert.DoesNotContain(Directory.GetDirectories(Folder), folder => folder.Contains("load", StringComparison.Ordinal));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Row_of_both_vantage_points_is_measured_and_its_frontends_counted_both()
    {
        var (code, output) = await BuildScript.RunAsync(Command(150, "agg-decode_worker_pod", from: "\"both\", \"probeRate\": 5"));

        log.WriteLine(output);
        Assert.Equal(0, code);
        var row = await RowAsync();
        Assert.Equal("Measured", row.GetProperty("state").GetString());

        // The row is the pods' clients alone.
        Assert.Equal(600, row.GetProperty("requests").GetProperty("sent").GetInt32());
        Assert.Equal(600, Enumerable.Range(0, 4).Sum(client => Lines(client).Count));
        Assert.Single(Events("load.ended"));

        // The client from here began and ended with them, and planned nothing that it did not send.
        var probe = Lines(0, "probe");
        var pods = Enumerable.Range(0, 4).SelectMany(client => Lines(client)).ToList();
        Assert.InRange(probe.Count, 60, 120);
        Assert.All(probe, line => Assert.NotEmpty(line.GetProperty("results").EnumerateArray()));
        Assert.InRange((probe.Min(Intended) - pods.Min(Intended)).TotalSeconds, -1, 1);
        Assert.InRange((probe.Max(Intended) - pods.Max(At)).TotalSeconds, -1, 3);

        var whole = row.GetProperty("vantage").GetProperty("whole");
        Assert.Equal(0, whole.GetProperty("not_sent").GetProperty("here").GetProperty("value").GetInt32());
        var before = row.GetProperty("vantage").GetProperty("before");
        Assert.True(before.GetProperty("latency_p50").GetProperty("here").GetProperty("value").GetDouble() > 0);
        Assert.Equal(1, before.GetProperty("success").GetProperty("here").GetProperty("value").GetDouble());
        var results = Path.GetDirectoryName(Folder)!;
        var text = await File.ReadAllTextAsync(Path.Combine(results, "summary.txt"), Cancellation);
        Assert.Contains("Both vantage points", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(results, "vantage.csv")));

        Assert.Equal(600 + probe.Count, CountedByFrontends());
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Row_one_of_whose_pods_dies_is_invalid_and_its_requests_are_not_sent()
    {
        using var api = new ClusterApi(cluster.Kubeconfig);
        await using var script = BuildScript.Start(Command(requests: 150));
        await script.SeesAsync(line => line.Contains("Load started: ", StringComparison.Ordinal));
        var pods = await api.NamesAsync("api/v1 pods", LoadPods);
        Assert.Equal(4, pods.Count);
        var dying = pods[1];
        await api.DeleteAsync("api/v1 pods", dying);

        var code = await script.WaitAsync();

        log.WriteLine(script.Output);
        Assert.Equal(1, code);
        var lost = Assert.Single(Events("load.pod_lost"));
        Assert.Equal((dying, 150), (lost.GetProperty("pod").GetString(), lost.GetProperty("planned").GetInt32()));
        var unknown = lost.GetProperty("notSent").GetInt32();
        Assert.InRange(unknown, 10, 150);
        var row = await RowAsync();
        Assert.Equal("Invalid", row.GetProperty("state").GetString());
        Assert.Contains($"load pod {dying} was lost", row.GetProperty("notes").ToString(), StringComparison.Ordinal);
        var client = lost.GetProperty("index").GetInt32();
        var lines = Lines(client);
        Assert.Equal(Enumerable.Range(0, 150), lines.Select(line => line.GetProperty("request").GetInt32()).Order());
        var unsent = lines.Where(line => line.GetProperty("outcome").GetString() == "NotSent").ToList();
        Assert.Equal(unknown, unsent.Count);
        Assert.All(unsent, line => Assert.Contains(dying, line.GetProperty("reason").GetString(), StringComparison.Ordinal));
        var ended = Assert.Single(Events("load.ended"));
        Assert.Equal((600, unknown), (ended.GetProperty("planned").GetInt32(), ended.GetProperty("notSent").GetInt32()));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Load_of_four_pods_lasts_until_all_are_answered_again_and_faults_wait_for_that()
    {
        var (code, output) = await BuildScript.RunAsync(Command(30, "agg-twice", "\"untilRecovered\": 90, "));

        log.WriteLine(output);
        Assert.Equal(0, code);
        Assert.Equal(2, Events("fault.landed").Count);
        var ended = Assert.Single(Events("load.ended"));
        var planned = ended.GetProperty("planned").GetInt32();
        Assert.InRange(planned, 121, 4 * 900);
        Assert.Equal((planned, 0), (ended.GetProperty("sent").GetInt32(), ended.GetProperty("notSent").GetInt32()));
        Assert.Equal(planned, Enumerable.Range(0, 4).Sum(client => Lines(client).Count));
        Assert.All(
            Enumerable.Range(0, 4),
            client => Assert.Equal(
                Enumerable.Range(0, Lines(client).Count), Lines(client).Select(line => line.GetProperty("request").GetInt32())));

        // The second waits until the first is healed: requests of all clients were answered between the two.
        var orders = Events("fault.issued").Select(item => item.GetProperty("at").GetDateTimeOffset()).ToList();
        Assert.All(Enumerable.Range(0, 4), client => Assert.Contains(Lines(client), line => IsOk(line) && At(line) > orders[1] - Second));
        Assert.All(Enumerable.Range(0, 4), client => Assert.True(IsOk(Lines(client)[^1])));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Load_of_four_pods_is_stopped_where_their_clients_together_break_a_limit()
    {
        // No pod's one client fails eight times within the time.
        var (_, output) = await BuildScript.RunAsync(Command(300, "agg-frontend_pod", "\"stopWhen\": { \"errorsInARow\": 8 }, "));

        log.WriteLine(output);
        var stopped = Assert.Single(Events("load.stopped"));
        Assert.Equal("errorsInARow", stopped.GetProperty("limit").GetString());
        var ended = Assert.Single(Events("load.ended"));
        Assert.InRange(ended.GetProperty("notSent").GetInt32(), 600, 1200);
        var unsent = Enumerable.Range(0, 4).SelectMany(client => Lines(client))
            .Where(line => line.GetProperty("outcome").GetString() == "NotSent").ToList();
        Assert.Equal(ended.GetProperty("notSent").GetInt32(), unsent.Count);
        Assert.All(unsent, line => Assert.StartsWith(
            "stopWhen errorsInARow: ", line.GetProperty("reason").GetString(), StringComparison.Ordinal));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Load_of_a_run_that_was_killed_goes_with_Teardown()
    {
        using var api = new ClusterApi(cluster.Kubeconfig);
        await using (var script = BuildScript.Start(Command(requests: 600)))
        {
            await script.SeesAsync(line => line.Contains("Load started: ", StringComparison.Ordinal));
            script.Signal(9);
            await script.WaitAsync();
        }

        Assert.Single(await api.NamesAsync("apis/batch/v1 jobs"));

        var (code, output) = await cluster.BuildAsync("Teardown");

        Assert.True(code == 0, output);
        Assert.Contains("Job/faultmatrix-load-", output, StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    private string Folder =>
        Assert.Single(Directory.GetDirectories(Assert.Single(Directory.GetDirectories(_temp["results"])), "test_fault*"));

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static bool IsOk(JsonElement line) => line.GetProperty("outcome").GetString() == "Ok";

    private static DateTimeOffset At(JsonElement line) => new(line.GetProperty("time").GetDateTime(), TimeSpan.Zero);

    // One client a pod.
    private string[] Command(int requests, string row = "agg-none", string keys = "", string from = "\"cluster\"") =>
    [
        "FaultMatrix", "--scenario", row, "--results", _temp["results"], "--cluster-name", cluster.Name, "--scenarios-file",
        _temp.Write("scenarios.json", ShortScenarios.Text(requests).Replace(
            "\"maxSendLag\": 2", $"{keys}\"maxSendLag\": 2, \"from\": {from}, \"pods\": 4", StringComparison.Ordinal).Replace(
            "\"none\": {}", Twice, StringComparison.Ordinal)),
    ];

    private async Task<JsonElement> RowAsync()
    {
        var file = Path.Combine(Path.GetDirectoryName(Folder)!, "summary.json");
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancellation));
        return Assert.Single(summary.RootElement.GetProperty("scenarios").EnumerateArray()).Clone();
    }

    private static DateTimeOffset Intended(JsonElement line) => line.GetProperty("intended").GetDateTimeOffset();

    // From the first look, which is before the load, to the last, which is after it.
    private double CountedByFrontends() => Directory.GetFiles(Path.Combine(Folder, "Frontend"), "*.metrics.jsonl").Sum(file =>
    {
        var (first, last) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        foreach (var samples in File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(look => look.TryGetProperty("samples", out _)).Select(look => look.GetProperty("samples")))
        {
            var isFirst = last.Count == 0;
            foreach (var sample in samples.EnumerateObject())
            {
                last[sample.Name] = sample.Value.GetDouble();
                first.TryAdd(sample.Name, isFirst ? sample.Value.GetDouble() : 0);
            }
        }

        return last.Where(one => one.Key.StartsWith("dynamo_frontend_requests_total{", StringComparison.Ordinal))
            .Sum(one => one.Value - first[one.Key]);
    });

    private List<JsonElement> Lines(int client, string folder = "") =>
        [.. File.ReadLines(Path.Combine(Folder, folder, $"client_{client}.log.txt")).Select(line => JsonDocument.Parse(line).RootElement)];

    private List<JsonElement> Events(string name) =>
    [
        .. File.ReadLines(Path.Combine(Folder, "timeline.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(item => item.GetProperty("event").GetString() == name),
    ];

    private async Task NothingIsLeftAsync()
    {
        using var api = new ClusterApi(cluster.Kubeconfig);
        await Eventually.TrueAsync(
            async () => (await api.NamesAsync("apis/batch/v1 jobs")).Count + (await api.NamesAsync("api/v1 secrets", LoadPods)).Count
                + (await api.NamesAsync("api/v1 pods", LoadPods)).Count == 0,
            () => "something of the load is still there");
    }
}
