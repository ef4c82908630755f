using System.Text.Json;

namespace EndToEnd;

/// <summary>Loads that pods of the cluster send: a row is as one process's, a pod that dies is told, and nothing of them stays.</summary>
[Collection(nameof(Alone))]
public sealed class PodLoadTests(ClusterOfTest cluster, ITestOutputHelper log) : IClassFixture<ClusterOfTest>, IDisposable
{
    private const string LoadPods = "labelSelector=faultmatrix.dev%2Fload";
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

    // One client a pod.
    private string[] Command(int requests) =>
    [
        "FaultMatrix", "--scenario", "agg-none", "--results", _temp["results"], "--cluster-name", cluster.Name, "--scenarios-file",
        _temp.Write("scenarios.json", ShortScenarios.Text(requests).Replace(
            "\"maxSendLag\": 2", "\"maxSendLag\": 2, \"from\": \"cluster\", \"pods\": 4", StringComparison.Ordinal)),
    ];

    private async Task<JsonElement> RowAsync()
    {
        var file = Path.Combine(Path.GetDirectoryName(Folder)!, "summary.json");
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancellation));
        return Assert.Single(summary.RootElement.GetProperty("scenarios").EnumerateArray()).Clone();
    }

    private List<JsonElement> Lines(int client) =>
        [.. File.ReadLines(Path.Combine(Folder, $"client_{client}.log.txt")).Select(line => JsonDocument.Parse(line).RootElement)];

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
