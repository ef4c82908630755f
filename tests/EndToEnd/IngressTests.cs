using System.Text.Json;

namespace EndToEnd;

/// <summary>A graph whose clients come through an ingress: <c>--transport url</c>.</summary>
public sealed class IngressTests(ClusterOfTest cluster) : IClassFixture<ClusterOfTest>, IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Load_goes_through_the_address_and_the_row_is_measured_as_ever()
    {
        using var api = new ClusterApi(cluster.Kubeconfig);
        await using var ingress = IngressProxy.Start(api);

        var (code, output) = await cluster.BuildAsync(
            "FaultMatrix", "--scenarios-file", _temp.Write("scenarios.json", ShortScenarios.Text(requests: 60)), "--scenario", "agg-frontend",
            "--transport", "url", "--url", ingress.Url, "--results", _temp["results"]);

        Assert.True(code == 0, output);
        Assert.True(ingress.Passed > 4, $"{ingress.Passed} connections came through");
        var run = Assert.Single(Directory.GetDirectories(_temp["results"]));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(run, "summary.json"), TestContext.Current.CancellationToken));
        var row = Assert.Single(summary.RootElement.GetProperty("scenarios").EnumerateArray());
        Assert.True(row.GetProperty("requests").GetProperty("failed").GetInt32() > 0, output);
        Assert.True(row.GetProperty("requests").GetProperty("succeeded").GetInt32() > 100, output);
        var lines = Directory.GetFiles(run, "client_*.log.txt", SearchOption.AllDirectories).SelectMany(File.ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(240, lines.Count);
        Assert.All(lines, line => Assert.StartsWith(ingress.Url, line.GetProperty("url").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_beside_pods_of_the_cluster_goes_through_the_address_and_they_do_not()
    {
        using var api = new ClusterApi(cluster.Kubeconfig);
        await using var ingress = IngressProxy.Start(api);

        var (code, output) = await cluster.BuildAsync(
            "FaultMatrix", "--scenarios-file", _temp.Write("scenarios.json", ShortScenarios.Text(requests: 120)), "--scenario", "agg-frontend",
            "--transport", "url", "--url", ingress.Url, "--load-from", "both", "--load-pods", "2", "--results", _temp["results"]);

        Assert.True(code == 0, output);
        var run = Assert.Single(Directory.GetDirectories(_temp["results"]));
        var (beside, ofPods) = (Addresses(run, beside: true), Addresses(run, beside: false));
        Assert.Equal(480, ofPods.Count);
        Assert.DoesNotContain(ofPods, url => url.StartsWith(ingress.Url, StringComparison.Ordinal));
        Assert.InRange(beside.Count, 5, 100);
        Assert.All(beside, url => Assert.StartsWith(ingress.Url, url, StringComparison.Ordinal));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(run, "summary.json"), TestContext.Current.CancellationToken));
        var row = Assert.Single(summary.RootElement.GetProperty("scenarios").EnumerateArray());
        var before = row.GetProperty("vantage").GetProperty("before");
        Assert.Equal(1, before.GetProperty("success").GetProperty("here").GetProperty("value").GetDouble());
        Assert.True(before.GetProperty("latency_p50").GetProperty("here").GetProperty("value").GetDouble() > 0, output);
    }

    private static List<string> Addresses(string run, bool beside) =>
    [
        .. Directory.GetFiles(run, "client_*.log.txt", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "probe" == beside).SelectMany(File.ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("url").GetString()!),
    ];
}
