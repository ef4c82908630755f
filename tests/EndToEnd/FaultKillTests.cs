using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>
/// kill -9 of a whole run, front and nodes, at each step of a fault that lasts: when its undo is noted, when it has landed, when it is undone.
/// One of each way of undoing is under way: an object, work in a pod, the network. The next command leaves nothing of any. Whose step is waited
/// for is drawn from FAULTMATRIX_SEED.
/// </summary>
[Collection(nameof(Killing))]
public sealed class FaultKillTests(ITestOutputHelper log) : IAsyncLifetime, IDisposable
{
    private const int Kill = 9;
    private const string Network = "apis/faultmatrix.dev/v1 networkfaults";
    private const string Policies = "apis/networking.k8s.io/v1 networkpolicies";
    private const string OpenNotes = "labelSelector=faultmatrix.dev%2Fundo%3Dopen";
    private static readonly string[] OfNetwork = ["partition", "latency"];
    private readonly ClusterOfTest _cluster = new() { More = ["--pod-networks"] };
    private readonly TempFolder _temp = new();
    private readonly Random _random = new(Chance.Seed);

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Killed_at_each_step_of_a_fault_the_next_command_leaves_nothing_of_it()
    {
        using var api = new ClusterApi(_cluster.Kubeconfig);
        var networks = await ServesNetworkFaultsAsync(api);
        string[] failures = ["scale", "cpuHog", .. networks ? OfNetwork : []];
        var file = _temp.Write("scenarios.json", Scenarios(failures));
        foreach (var step in Enum.GetValues<Step>())
        {
            var whose = failures[_random.Next(failures.Length)];
            log.WriteLine($"seed {Chance.Seed}: killed when {whose} is {step}");
            var results = _temp[$"results-{step}"];
            await using (var script = BuildScript.Start(
                ["FaultMatrix", "--scenarios-file", file, "--results", results, "--parallelism", $"{failures.Length}", "--cluster-name",
                    _cluster.Name]))
            {
                await Eventually.TrueAsync(() => ReachedAsync(api, results, whose, step),
                    () => $"{whose} never was {step}: {script.Output}");
                var tree = ProcessTree.Of(script.Id);
                foreach (var process in tree)
                {
                    BuildScript.Signal(process.Id, Kill);
                }

                await script.WaitAsync();
                await ProcessTree.AllGoneAsync(tree);
            }

            var (code, output) = await _cluster.BuildAsync("Heal");

            Assert.True(code == 0, $"{step} of {whose}: {output}");
            Assert.Empty(await api.NamesAsync("api/v1 configmaps", OpenNotes));
            Assert.Empty(await api.NamesAsync(Policies));
            Assert.Empty(networks ? await api.NamesAsync(Network) : []);
            Assert.All(await ReplicasAsync(api), replicas => Assert.Equal(1, replicas));
            Assert.DoesNotContain(
                ProcessTree.Of(_cluster.Pid), process => process.CommandLine.Contains("faultmatrix-work-", StringComparison.Ordinal));
            (code, output) = await _cluster.BuildAsync("Teardown");
            Assert.True(code == 0, output);
            Assert.Empty(await api.LeftAsync());
        }
    }

    private static async Task<bool> ServesNetworkFaultsAsync(ClusterApi api) =>
        (await api.SendAsync(HttpMethod.Get, "apis"))["groups"]!.AsArray().Any(group => (string?)group!["name"] == "faultmatrix.dev");

    private static async Task<bool> ReachedAsync(ClusterApi api, string results, string kind, Step step)
    {
        if (step == Step.Noted)
        {
            var notes = await api.SendAsync(HttpMethod.Get, $"api/v1/namespaces/{ClusterApi.Namespace}/configmaps?{OpenNotes}");
            return notes["items"]!.AsArray().Any(note =>
                note!["metadata"]!["annotations"]!["faultmatrix.dev/undo"]!.GetValue<string>()
                    .Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal));
        }

        return GrowingTimelines.Tell(results, step == Step.Landed ? "fault.landed" : "fault.healed", kind);
    }

    private static async Task<IReadOnlyList<int>> ReplicasAsync(ClusterApi api)
    {
        var list = await api.SendAsync(
            HttpMethod.Get, $"apis/nvidia.com/v1alpha1/namespaces/{ClusterApi.Namespace}/dynamographdeployments");
        return
        [
            .. list["items"]!.AsArray().SelectMany(graph => graph!["spec"]!["services"]!.AsObject())
                .Select(service => service.Value?["replicas"]?.GetValue<int>() ?? 1),
        ];
    }

    private static string Scenarios(IEnumerable<string> failures)
    {
        var scenarios = JsonNode.Parse(ShortScenarios.Text(requests: 150))!.AsObject();
        var all = new JsonObject
        {
            ["scale"] = JsonNode.Parse("""{ "kind": "scale", "target": "decode", "to": 0, "for": 4 }"""),
            ["cpuHog"] = JsonNode.Parse("""{ "kind": "cpuHog", "target": "decode", "for": 4 }"""),
            ["partition"] = JsonNode.Parse("""{ "kind": "partition", "from": "frontend", "target": "decode", "for": 4 }"""),
            ["latency"] = JsonNode.Parse("""{ "kind": "latency", "from": "frontend", "target": "decode", "milliseconds": 200, "for": 4 }"""),
        };
        var mine = new JsonObject();
        foreach (var failure in failures)
        {
            // Names have no capitals.
            mine[failure.ToLowerInvariant()] = all[failure]!.DeepClone();
        }

        scenarios["failures"] = mine;
        return scenarios.ToJsonString();
    }

    private enum Step
    {
        Noted,
        Landed,
        Healed,
    }
}
