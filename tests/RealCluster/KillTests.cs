using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using RealCluster.Support;

namespace RealCluster;

/// <summary>
/// kill -9 of the front or of a worker node at seeded random moments, on a real cluster: the next Teardown leaves nothing, and no object
/// without both of this tool's labels has been touched. FAULTMATRIX_KILLS says how many, FAULTMATRIX_SEED when and whom.
/// </summary>
[Collection(nameof(Killing))]
public sealed class KillTests(ITestOutputHelper log) : IDisposable
{
    private const int Kill = 9;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly ResourceType[] Planted = [ResourceType.ConfigMaps, ResourceType.Services, ResourceType.Roles];
    private static readonly ResourceType[] Listed =
    [
        .. Planted, ResourceType.Pods, ResourceType.Deployments, ResourceType.ReplicaSets, ResourceType.ServiceAccounts,
        ResourceType.RoleBindings,
    ];

    private readonly TempFolder _temp = new();
    private readonly Random _random = new(Chance.Seed);
    private double _length;
    private int _kills;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [RealClusterFact]
    public async Task Killed_runs_leave_nothing_after_the_next_Teardown_and_touch_nothing_foreign()
    {
        await using var space = await TestNamespace.CreateAsync();
        var scenarios = _temp.Write("scenarios.json", ShortScenarios.Text(requests: 15, "deployments/plain-agg.yaml"));
        await PlantAsync(space);
        var planted = await VersionsAsync(space);
        log.WriteLine($"seed {Chance.Seed}, {Chance.Kills} kills");
        var from = TimeProvider.System.GetTimestamp();
        await using (var whole = Start(space, scenarios))
        {
            // Its rows may be untrusted on a busy machine (1); what is asked here is what it leaves.
            Assert.True(await whole.WaitAsync() is 0 or 1, whole.Output);
        }

        _length = TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        Assert.Empty(planted.Except(await VersionsAsync(space), StringComparer.Ordinal));
        for (var i = 0; i < 3 * Chance.Kills && _kills < Chance.Kills; i++)
        {
            var processes = await KillOneAsync(i, space, scenarios);
            var (code, output) = await BuildScript.RunAsync(
                ["Teardown", "--kubeconfig", RealClusterFactAttribute.Kubeconfig!, "--namespace", space.Name]
            );
            Assert.True(code == 0, output);
            await ProcessTree.AllGoneAsync(processes);
            await space.AssertNothingLeftAsync();
            Assert.Empty(planted.Except(await VersionsAsync(space), StringComparer.Ordinal));
        }

        Assert.Equal(Chance.Kills, _kills);
    }

    // A run that was quicker than the moment tells how long one is: later moments lie within it, so that most find a run to kill.
    private async Task<IReadOnlyList<KnownProcess>> KillOneAsync(int number, TestNamespace space, string scenarios)
    {
        var (node, moment) = (_random.Next(2) == 0, TimeSpan.FromSeconds(_random.NextDouble() * _length));
        await using var script = Start(space, scenarios);
        var from = TimeProvider.System.GetTimestamp();
        var ended = script.WaitAsync();
        if (await Task.WhenAny(ended, Task.Delay(moment, Cancellation)) == ended)
        {
            _length = Math.Min(_length, TimeProvider.System.GetElapsedTime(from).TotalSeconds);
        }

        var tree = ProcessTree.Of(script.Id);
        var worker = node ? tree.FirstOrDefault(p => p.CommandLine.Contains("nodemode", StringComparison.OrdinalIgnoreCase)) : null;
        log.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{number}: after {moment.TotalSeconds:0.00} s {(worker is null ? "the front" : "a node")}"));
        _kills += BuildScript.Signal(worker?.Id ?? script.Id, Kill) ? 1 : 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        var code = await script.WaitAsync().WaitAsync(limit.Token);
        // A run that ended before the signal came may hold a row that a busy machine spoilt (1).
        Assert.True(worker is null ? code is 137 or 0 or 1 : code is 0 or 1 or 3, $"exit code {code}: {script.Output}");
        Assert.DoesNotContain("   at ", script.Output, StringComparison.Ordinal);
        return tree;
    }

    private BuildScript Start(TestNamespace space, string scenarios) =>
        BuildScript.Start([
            "FaultMatrix", "--scenarios-file", scenarios, "--scenario", "agg-decode_worker_pod", "agg-frontend", "--parallelism", "2",
            "--results", _temp["results"], "--kubeconfig", RealClusterFactAttribute.Kubeconfig!, "--namespace", space.Name,
        ]);

    // Without our labels, with one of the two, with another tool's.
    private static async Task PlantAsync(TestNamespace space)
    {
        foreach (
            var (name, labels) in new (string, JsonObject)[]
            {
                ("foreign-none", []),
                ("foreign-managed", new JsonObject { [GraphLabels.ManagedBy] = GraphLabels.ManagedByValue }),
                ("foreign-run", new JsonObject { [GraphLabels.Run] = "r1", [GraphLabels.Scenario] = "agg-none" }),
                ("foreign-helm", new JsonObject { [GraphLabels.ManagedBy] = "Helm", [GraphLabels.Run] = "r1" }),
            }
        )
        {
            foreach (var type in Planted)
            {
                var item = new JsonObject
                {
                    ["apiVersion"] = type.ApiVersion,
                    ["kind"] = type.Kind,
                    ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels.DeepClone() },
                };
                if (type == ResourceType.Services)
                {
                    item["spec"] = new JsonObject { ["clusterIP"] = "None", ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) };
                }

                await space.Admin.CreateAsync(type, item, Cancellation);
            }
        }
    }

    // All without both labels; what others write a status of goes by its uid, generation and labels.
    private static async Task<IReadOnlyList<string>> VersionsAsync(TestNamespace space)
    {
        var versions = new List<string>();
        foreach (var type in Listed)
        {
            foreach (var item in (await space.Admin.ListAsync<JsonObject>(type, default, Cancellation)).Where(item => !IsOurs(item)))
            {
                var meta = item["metadata"]!;
                var version = item["status"] is JsonObject { Count: > 0 }
                    ? $"{meta["uid"]} {meta["generation"]} {meta["labels"]?.ToJsonString()}"
                    : $"{meta["resourceVersion"]}";
                versions.Add($"{type.Kind}/{meta["name"]} {version}");
            }
        }

        Assert.True(versions.Count >= 12, string.Join("; ", versions));
        return [.. versions.Order(StringComparer.Ordinal)];
    }

    private static bool IsOurs(JsonObject item) =>
        item["metadata"]!["labels"] is JsonObject labels
        && labels[GraphLabels.ManagedBy]?.GetValue<string>() == GraphLabels.ManagedByValue
        && labels.ContainsKey(GraphLabels.Run);
}
