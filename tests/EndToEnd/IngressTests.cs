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
}
