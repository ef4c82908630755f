using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using RealCluster.Support;

namespace RealCluster;

/// <summary>
/// kill -9 of a whole run on a real cluster at each step of a fault that lasts: when its undo is noted, when it has landed, when it is
/// undone. The next command leaves nothing of it, be it an object or work in a pod. FAULTMATRIX_SEED says whose step is waited for; with
/// FAULTMATRIX_KINDS=all each kind of scenarios-faults.json that this cluster can carry is killed at each of its steps.
/// </summary>
[Collection(nameof(Killing))]
public sealed class FaultKillTests(ITestOutputHelper log) : IDisposable
{
    private const string Open = "faultmatrix.dev/undo";
    private static readonly string[] Kinds = ["scale", "cpuHog"];
    private static readonly int Steps = Enum.GetValues<FaultStep>().Length;
    private readonly TempFolder _temp = new();
    private readonly Random _random = new(Chance.Seed);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [RealClusterFact]
    public async Task Killed_at_each_step_of_a_fault_the_next_command_leaves_nothing_of_it()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: ShippedFaults.AllAreWanted);
        string[] where = ["--kubeconfig", RealClusterFactAttribute.Kubeconfig!, "--namespace", space.Name];
        foreach (var (words, kind, step, replicas) in ShippedFaults.AllAreWanted ? OfEachKind(space) : Drawn())
        {
            log.WriteLine($"seed {Chance.Seed}: killed when {kind} is {step}");
            var results = _temp[$"results-{kind}-{step}"];
            await KilledRun.AtAsync(["FaultMatrix", .. words, .. where, "--results", results],
                () => ReachedAsync(space, results, kind, step), $"{kind} is {step}");

            var (code, output) = await BuildScript.RunAsync(["Heal", .. where]);

            Assert.True(code == 0, $"{step} of {kind}: {output}");
            Assert.DoesNotContain(await space.Admin.ListAsync<JsonObject>(ResourceType.ConfigMaps, default, Cancellation), IsOpen);
            Assert.All(await ServicesAsync(space), service => ShippedFaults.AssertIsAsDeployed(service, replicas));
            Assert.All(await space.Admin.ListAsync<JsonObject>(ResourceType.Nodes, default, Cancellation),
                node => Assert.False((bool?)node["spec"]?["unschedulable"] ?? false, $"{step} of {kind}: the node is cordoned"));
            // The node is this machine: work in its pods is among its processes.
            Assert.DoesNotContain(
                ProcessTree.Of(1), process => process.CommandLine.Contains("faultmatrix-work-", StringComparison.Ordinal));
            (code, output) = await BuildScript.RunAsync(["Teardown", .. where]);
            Assert.True(code == 0, output);
            await space.AssertNothingLeftAsync();
        }
    }

    // Both under way at once, a step of one of them; each step is drawn by some seed, and on the local cluster by every one.
    private IEnumerable<(string[] Words, string Kind, FaultStep Step, int Replicas)> Drawn()
    {
        var file = _temp.Write("scenarios.json", Scenarios());
        yield return (
            ["--scenarios-file", file, "--parallelism", "2"], Kinds[_random.Next(Kinds.Length)], (FaultStep)_random.Next(Steps), 1);
    }

    // FAULTMATRIX_KINDS=all: each kind of the shipped file that this cluster can carry at each of its steps, one row at a time.
    private IEnumerable<(string[] Words, string Kind, FaultStep Step, int Replicas)> OfEachKind(TestNamespace space)
    {
        var file = _temp.Write("scenarios.json", ShippedRows.Text(space.Name));
        return from fault in ShippedFaults.All
               where !ShippedRows.NotCarried.Contains(fault.Name)
               from step in fault.Steps
               select (new[] { "--scenarios-file", file, "--scenario", $"agg-2-{fault.Name}" }, fault.Kind, step, 2);
    }

    private static async Task<bool> ReachedAsync(TestNamespace space, string results, string kind, FaultStep step)
    {
        if (step != FaultStep.Noted)
        {
            return GrowingTimelines.Tell(results, step == FaultStep.Landed ? "fault.landed" : "fault.healed", kind);
        }

        // What has nothing to undo has no note.
        var notes = await space.Admin.ListAsync<JsonObject>(ResourceType.ConfigMaps, default, Cancellation);
        return GrowingTimelines.Tell(results, "fault.issued", kind) || notes.Any(note => IsOpen(note)
            && note["metadata"]!["annotations"]![Open]!.GetValue<string>().Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal));
    }

    // The drawn rows' graph is of plain Deployments, the shipped rows' is the operator's.
    private static async Task<IEnumerable<JsonNode>> ServicesAsync(TestNamespace space) =>
        ShippedFaults.AllAreWanted
            ? (await space.Admin.ListAsync<JsonObject>(ResourceType.DynamoGraphDeployments("v1alpha1"), default, Cancellation))
                .SelectMany(graph => graph["spec"]!["services"]!.AsObject()).Select(service => service.Value!)
            : (await space.Admin.ListAsync<JsonObject>(ResourceType.Deployments, default, Cancellation))
                .Select(deployment => deployment["spec"]!);

    private static bool IsOpen(JsonObject map) => (string?)map["metadata"]!["labels"]?[Open] == "open";

    private static string Scenarios()
    {
        var scenarios = JsonNode.Parse(ShortScenarios.Text(requests: 150, "deployments/plain-agg.yaml"))!.AsObject();
        scenarios["failures"] = new JsonObject
        {
            ["scale"] = JsonNode.Parse("""{ "kind": "scale", "target": "decode", "to": 0, "for": 4 }"""),
            ["cpu_hog"] = JsonNode.Parse("""{ "kind": "cpuHog", "target": "decode", "for": 4 }"""),
        };
        return scenarios.ToJsonString();
    }
}
