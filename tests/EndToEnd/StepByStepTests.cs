namespace EndToEnd;

/// <summary>One scenario by hand: each target in a process of its own, Load and Inject at the same time.</summary>
[Collection(nameof(Alone))]
public sealed class StepByStepTests(ClusterOfTest cluster) : IClassFixture<ClusterOfTest>, IDisposable
{
    private const string Scenario = "agg-tp-1-dp-1-decode_worker";
    private readonly TempFolder _results = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _results.Dispose();

    [Fact]
    public async Task Targets_one_by_one_measure_what_FaultMatrix_does()
    {
        using var api = new ClusterApi(cluster.Kubeconfig);
        await api.ApplyAsync("apis/apps/v1 statefulsets", Path.Combine(Repository.Root, "deploy", "stand-in", "platform.yaml"));
        var platform = await PlatformAsync(api);
        await StepAsync("Deploy", "--restart-platform");
        Assert.Empty((await PlatformAsync(api)).Intersect(platform, StringComparer.Ordinal));
        var workers = ProcessTree.Of(cluster.Pid).Where(p => p.CommandLine.StartsWith("python3 ", StringComparison.Ordinal)).ToList();
        Assert.True(workers.Count >= 2, "Deploy left no graph");

        // As in two terminals: Inject waits for the first request that Load sends.
        await Task.WhenAll(StepAsync("Load"), StepAsync("Inject"));
        await StepAsync("Collect");
        Assert.Contains("decode_worker", await StepAsync("Parse"), StringComparison.Ordinal);
        await StepAsync("Teardown");
        await ProcessTree.AllGoneAsync(workers);
        Assert.Equal(2, (await PlatformAsync(api)).Count);

        var run = Assert.Single(Directory.GetDirectories(_results.Path));
        var timeline = await File.ReadAllLinesAsync(Path.Combine(run, $"test_fault_scenario[{Scenario}]", "timeline.jsonl"), Cancellation);
        Assert.Contains(timeline, l => l.Contains("\"event\":\"fault.landed\"", StringComparison.Ordinal));
        Assert.Contains(timeline, l => l.Contains("\"event\":\"load.ended\"", StringComparison.Ordinal));
        await ParseElsewhereGivesTheSameAsync(run);
    }

    private async Task ParseElsewhereGivesTheSameAsync(string run)
    {
        // Parsed again, since Teardown has added to the timeline.
        await StepAsync("Parse");
        using var elsewhere = new TempFolder();
        var copy = elsewhere[Path.GetFileName(run)];
        foreach (
            var file in Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories).Where(f => !Summaries.Contains(Path.GetFileName(f)))
        )
        {
            var target = Path.Combine(copy, Path.GetRelativePath(run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var (code, output) = await BuildScript.RunAsync(
            ["Parse", "--results", copy],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["TZ"] = "Pacific/Chatham", ["LANG"] = "tr_TR.UTF-8" }
        );
        Assert.True(code == 0, output);
        foreach (var name in Summaries)
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(run, name), Cancellation),
                await File.ReadAllBytesAsync(Path.Combine(copy, name), Cancellation)
            );
        }
    }

    private static readonly string[] Summaries = ["summary.txt", "summary.md", "summary.csv", "summary.json", "requests.csv"];

    // The UIDs of the pods of etcd and NATS, both ready.
    private static async Task<IReadOnlyList<string>> PlatformAsync(ClusterApi api)
    {
        IReadOnlyList<string> ready = [];
        await Eventually.TrueAsync(
            async () => (ready = await api.ReadyPodsAsync("app.kubernetes.io%2Fname+in+%28etcd%2Cnats%29")).Count == 2,
            () => "etcd and NATS are not ready");
        return ready;
    }

    private async Task<string> StepAsync(string target, params string[] more)
    {
        string[] words = target == "Parse" ? ["Parse"] : [target, "--scenario", Scenario, .. more];
        var (code, output) = await cluster.BuildAsync([.. words, "--results", _results.Path]);
        Assert.True(code == 0, $"{target}: exit code {code}: {output}");
        return output;
    }
}
