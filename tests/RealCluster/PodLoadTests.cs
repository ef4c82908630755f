using System.Text.Json;
using RealCluster.Support;

namespace RealCluster;

/// <summary>A load that pods of the real cluster send, with the rights of deploy/rbac.yaml and no more.</summary>
[Collection(nameof(Alone))]
public sealed class PodLoadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task FaultMatrix_load_of_four_pods_is_measured_as_one_and_starts_at_one_instant()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);
        await space.ApplyAsync("rbac.yaml");
        using var folder = new TempFolder();

        var (code, output) = await BuildScript.RunAsync(
        [
            "FaultMatrix", "--kubeconfig", await space.ServiceAccountKubeconfigAsync(), "--namespace", space.Name, "--scenario", "agg-none",
            "agg-decode_worker_pod", "--results", folder["results"], "--parallelism", "1", "--scenarios-file",
            folder.Write("scenarios.json", ShortScenarios.Text(requests: 150).Replace(
                "\"maxSendLag\": 2", "\"maxSendLag\": 2, \"from\": \"cluster\", \"pods\": 4", StringComparison.Ordinal)),
        ]);

        Assert.True(code is 0 or 1, output);
        var run = RunSummary.Of(output);
        run.AssertBooksAddUp();
        Assert.StartsWith("Baseline", run.ClassOf("agg-none"), StringComparison.Ordinal);
        Assert.StartsWith("Measured", run.ClassOf("agg-decode_worker_pod"), StringComparison.Ordinal);
        foreach (var row in Directory.GetDirectories(Assert.Single(Directory.GetDirectories(folder["results"])), "test_fault*"))
        {
            var events = (await File.ReadAllLinesAsync(Path.Combine(row, "timeline.jsonl"), Cancellation))
                .Select(line => JsonDocument.Parse(line).RootElement).ToList();
            List<JsonElement> Of(string name) => [.. events.Where(item => item.GetProperty("event").GetString() == name)];
            Assert.Equal(4, Of("load.pod").Count);
            Assert.Empty(Of("load.pod_lost"));
            Assert.Equal(600, Assert.Single(Of("load.ended")).GetProperty("sent").GetInt32());
            var spread = Assert.Single(Of("load.spread"));
            await Console.Out.WriteLineAsync($"{Path.GetFileName(row)}: four pods started within {spread.GetProperty("spread")} s "
                + $"± {spread.GetProperty("uncertainty")} s; {string.Join(", ", Of("load.pod").Select(pod => pod.GetProperty("late")))} s late");
        }

        await space.AssertNothingLeftAsync();
    }
}
