using System.Text.Json;

namespace EndToEnd;

/// <summary>Somebody else takes a graph, its pods or its namespace away in mid-row: the row is invalid and says so, exit code 1.</summary>
[Collection(nameof(Alone))]
public sealed class InterferenceTests(ClusterOfTest cluster, ITestOutputHelper log) : IClassFixture<ClusterOfTest>, IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("pods", "was deleted by somebody else during the load")]
    [InlineData("graph", "DynamoGraphDeployment")]
    [InlineData("namespace", "namespace 'fault-matrix' is")]
    public async Task Row_of_which_somebody_takes_a_part_away_is_invalid(string part, string expected)
    {
        using var api = new ClusterApi(cluster.Kubeconfig);
        await using var script = BuildScript.Start([
            "FaultMatrix", "--scenarios-file", _temp.Write("scenarios.json", ShortScenarios.Text(requests: 80)), "--scenario", "agg-none",
            "--results", _temp["results"], "--cluster-name", cluster.Name,
        ]);
        await script.SeesAsync(l => l.Contains("Load started: ", StringComparison.Ordinal));
        switch (part)
        {
            case "pods":
                foreach (var pod in await api.NamesAsync("api/v1 pods", "labelSelector=app.kubernetes.io%2Fmanaged-by%3Dfaultmatrix"))
                {
                    await api.DeleteAsync("api/v1 pods", pod);
                }

                break;
            case "graph":
                const string Graphs = "apis/nvidia.com/v1alpha1 dynamographdeployments";
                await api.DeleteAsync(Graphs, Assert.Single(await api.NamesAsync(Graphs)));
                break;
            default:
                await api.SendAsync(HttpMethod.Delete, $"api/v1/namespaces/{ClusterApi.Namespace}");
                break;
        }

        var code = await script.WaitAsync();
        if (part == "namespace")
        {
            await MakeNamespaceAgainAsync(api);
        }

        log.WriteLine(script.Output);
        Assert.Equal(1, code);
        Assert.Contains(expected, script.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", script.Output, StringComparison.Ordinal);
        var run = Assert.Single(Directory.GetDirectories(_temp["results"]));
        using var summary = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(run, "summary.json"), TestContext.Current.CancellationToken)
        );
        var row = Assert.Single(summary.RootElement.GetProperty("scenarios").EnumerateArray());
        Assert.Contains(row.GetProperty("state").GetString(), new[] { "Invalid", "Failed" });
        Assert.NotEqual("pass", summary.RootElement.GetProperty("verdict").GetString());
        Assert.Empty(await api.LeftAsync());
    }

    // Whatever the run came to: the next test needs it.
    private static async Task MakeNamespaceAgainAsync(ClusterApi api)
    {
        await Eventually.TrueAsync(
            async () => !(await api.NamespacesAsync()).Contains(ClusterApi.Namespace, StringComparer.Ordinal),
            () => "the namespace is still there"
        );
        await api.SendAsync(
            HttpMethod.Post,
            "api/v1/namespaces",
            $$"""{"apiVersion":"v1","kind":"Namespace","metadata":{ "name":"{{ClusterApi.Namespace}}" } }"""
        );
    }
}
