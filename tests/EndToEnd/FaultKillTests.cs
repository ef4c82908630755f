using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>
/// kill -9 of a whole run, front and nodes, at each step of a fault that lasts: when its undo is noted, when it has landed, when it is undone.
/// One of each way of undoing is under way: an object, work in a pod, the network. The next command leaves nothing of any. Whose step is waited
/// for is drawn from FAULTMATRIX_SEED; with FAULTMATRIX_KINDS=all each kind of scenarios-faults.json is killed at each of its steps.
/// </summary>
[Collection(nameof(Killing))]
public sealed class FaultKillTests(ITestOutputHelper log) : IAsyncLifetime, IDisposable
{
    private const string Network = "apis/faultmatrix.dev/v1 networkfaults";
    private const string Policies = "apis/networking.k8s.io/v1 networkpolicies";
    private const string OpenNotes = "labelSelector=faultmatrix.dev%2Fundo%3Dopen";
    private static readonly string[] OfNetwork = ["partition", "latency"];
    private static readonly string[] OfNetworks = [.. OfNetwork, "loss", "bandwidth", "reset", "blackHole", "dnsFailure"];
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
        var kills = ShippedFaults.AllAreWanted ? OfEachKind(networks) : Drawn(networks);
        foreach (var (words, kind, step, replicas) in kills)
        {
            log.WriteLine($"seed {Chance.Seed}: killed when {kind} is {step}");
            var results = _temp[$"results-{kind}-{step}"];
            await KilledRun.AtAsync(["FaultMatrix", .. words, "--results", results, "--cluster-name", _cluster.Name],
                () => ReachedAsync(api, results, kind, step), $"{kind} is {step}");

            var (code, output) = await _cluster.BuildAsync("Heal");

            Assert.True(code == 0, $"{step} of {kind}: {output}");
            Assert.Empty(await api.NamesAsync("api/v1 configmaps", OpenNotes));
            Assert.Empty(await api.NamesAsync(Policies));
            Assert.Empty(networks ? await api.NamesAsync(Network) : []);
            Assert.All(await ServicesAsync(api), service => ShippedFaults.AssertIsAsDeployed(service, replicas));
            Assert.All((await api.SendAsync(HttpMethod.Get, "api/v1/nodes"))["items"]!.AsArray(),
                node => Assert.False((bool?)node!["spec"]?["unschedulable"] ?? false, $"{step} of {kind}: a node is cordoned"));
            Assert.DoesNotContain(
                ProcessTree.Of(_cluster.Pid), process => process.CommandLine.Contains("faultmatrix-work-", StringComparison.Ordinal));
            (code, output) = await _cluster.BuildAsync("Teardown");
            Assert.True(code == 0, output);
            Assert.Empty(await api.LeftAsync());
        }
    }

    // Several under way at once, each step of one of them.
    private IEnumerable<(string[] Words, string Kind, FaultStep Step, int Replicas)> Drawn(bool networks)
    {
        string[] failures = ["scale", "cpuHog", .. networks ? OfNetwork : []];
        var file = _temp.Write("scenarios.json", Scenarios(failures));
        return Enum.GetValues<FaultStep>().Select(step => (
            new[] { "--scenarios-file", file, "--parallelism", $"{failures.Length}" }, failures[_random.Next(failures.Length)], step, 1));
    }

    // FAULTMATRIX_KINDS=all: each kind of the shipped file at each of its steps, one row at a time.
    private static IEnumerable<(string[] Words, string Kind, FaultStep Step, int Replicas)> OfEachKind(bool networks) =>
        from fault in ShippedFaults.All
        where networks || !OfNetworks.Contains(fault.Kind, StringComparer.Ordinal)
        from step in fault.Steps
        select (new[] { "--scenarios-file", ShippedFaults.File, "--scenario", $"agg-2-{fault.Name}" }, fault.Kind, step, 2);

    private static async Task<bool> ServesNetworkFaultsAsync(ClusterApi api) =>
        (await api.SendAsync(HttpMethod.Get, "apis"))["groups"]!.AsArray().Any(group => (string?)group!["name"] == "faultmatrix.dev");

    private static async Task<bool> ReachedAsync(ClusterApi api, string results, string kind, FaultStep step)
    {
        if (step != FaultStep.Noted)
        {
            return GrowingTimelines.Tell(results, step == FaultStep.Landed ? "fault.landed" : "fault.healed", kind);
        }

        // What has nothing to undo has no note.
        var notes = await api.SendAsync(HttpMethod.Get, $"api/v1/namespaces/{ClusterApi.Namespace}/configmaps?{OpenNotes}");
        return GrowingTimelines.Tell(results, "fault.issued", kind) || notes["items"]!.AsArray().Any(note =>
            note!["metadata"]!["annotations"]!["faultmatrix.dev/undo"]!.GetValue<string>()
                .Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<JsonNode>> ServicesAsync(ClusterApi api)
    {
        var list = await api.SendAsync(
            HttpMethod.Get, $"apis/nvidia.com/v1alpha1/namespaces/{ClusterApi.Namespace}/dynamographdeployments");
        return [.. list["items"]!.AsArray().SelectMany(graph => graph!["spec"]!["services"]!.AsObject()).Select(service => service.Value!)];
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
}
