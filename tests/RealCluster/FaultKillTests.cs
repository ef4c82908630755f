using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using RealCluster.Support;

namespace RealCluster;

/// <summary>
/// kill -9 of a whole run on a real cluster at each step of a fault that lasts: when its undo is noted, when it has landed, when it is
/// undone. The next command leaves nothing of it, be it an object or work in a pod. FAULTMATRIX_SEED says whose step is waited for.
/// </summary>
[Collection(nameof(Killing))]
public sealed class FaultKillTests(ITestOutputHelper log) : IDisposable
{
    private const int Kill = 9;
    private const string Open = "faultmatrix.dev/undo";
    private static readonly string[] Kinds = ["scale", "cpuHog"];
    private static readonly string[] Steps = ["noted", "landed", "healed"];
    private readonly TempFolder _temp = new();
    private readonly Random _random = new(Chance.Seed);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [RealClusterFact]
    public async Task Killed_at_each_step_of_a_fault_the_next_command_leaves_nothing_of_it()
    {
        await using var space = await TestNamespace.CreateAsync();
        string[] where = ["--kubeconfig", RealClusterFactAttribute.Kubeconfig!, "--namespace", space.Name];
        var file = _temp.Write("scenarios.json", Scenarios());
        foreach (var step in Steps)
        {
            var whose = Kinds[_random.Next(Kinds.Length)];
            log.WriteLine($"seed {Chance.Seed}: killed when {whose} is {step}");
            var results = _temp[$"results-{step}"];
            await using (var script = BuildScript.Start(
                ["FaultMatrix", "--scenarios-file", file, "--results", results, "--parallelism", "2", .. where]))
            {
                await Eventually.TrueAsync(() => ReachedAsync(space, results, whose, step),
                    () => $"{whose} never was {step}: {script.Output}");
                var tree = ProcessTree.Of(script.Id);
                foreach (var process in tree)
                {
                    BuildScript.Signal(process.Id, Kill);
                }

                await script.WaitAsync();
                await ProcessTree.AllGoneAsync(tree);
            }

            var (code, output) = await BuildScript.RunAsync(["Heal", .. where]);

            Assert.True(code == 0, $"{step} of {whose}: {output}");
            Assert.DoesNotContain(await space.Admin.ListAsync<JsonObject>(ResourceType.ConfigMaps, default, Cancellation), IsOpen);
            Assert.All(await space.Admin.ListAsync<JsonObject>(ResourceType.Deployments, default, Cancellation),
                deployment => Assert.Equal(1, deployment["spec"]!["replicas"]!.GetValue<int>()));
            // The node is this machine: work in its pods is among its processes.
            Assert.DoesNotContain(
                ProcessTree.Of(1), process => process.CommandLine.Contains("faultmatrix-work-", StringComparison.Ordinal));
            (code, output) = await BuildScript.RunAsync(["Teardown", .. where]);
            Assert.True(code == 0, output);
            await space.AssertNothingLeftAsync();
        }
    }

    private static async Task<bool> ReachedAsync(TestNamespace space, string results, string kind, string step)
    {
        if (step == "noted")
        {
            var notes = await space.Admin.ListAsync<JsonObject>(ResourceType.ConfigMaps, default, Cancellation);
            return notes.Any(note => IsOpen(note)
                && note["metadata"]!["annotations"]![Open]!.GetValue<string>().Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal));
        }

        return GrowingTimelines.Tell(results, $"fault.{step}", kind);
    }

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
