using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>
/// Every form of graph that Dynamo ships is deployed, side by side on one cluster, and the object that is stored differs from the manifest
/// in what <c>--plan</c> names and in nothing else. Alone: so many pods at once take the whole machine.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ShapeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    // What the API server writes, whoever creates an object.
    private static readonly string[] Servers =
        ["metadata.uid", "metadata.resourceVersion", "metadata.generation", "metadata.creationTimestamp", "metadata.managedFields",
            "metadata.namespace", "status"];

    [Fact]
    public async Task Each_shape_serves_and_its_stored_object_differs_only_in_what_the_plan_lists()
    {
        await using var cluster = new ClusterOfTest { More = ["--grove"] };
        await cluster.InitializeAsync();
        using var folder = new TempFolder();
        var file = ShapeGraphs.Write(folder);
        string[] wanted = ["--scenarios-file", file, "--deployment", .. ShapeGraphs.All.Keys, "--results", folder["results"]];

        var (code, output) = await cluster.BuildAsync(["FaultMatrix", "--scenarios-file", file, "--plan", "--deployment", "gateway-*"]);
        Assert.True(code == 2, output);
        Assert.Equal(2, Regex.Count(output, "FT0233: .*has no gateway before it", RegexOptions.None, Limit));
        (code, var plan) = await cluster.BuildAsync(["FaultMatrix", .. wanted, "--plan"]);
        Assert.True(code == 0, plan);
        (code, output) = await cluster.BuildAsync(["Deploy", .. wanted, "--ready-timeout", "240"]);
        Assert.True(code == 0, output);

        using var api = new ClusterApi(cluster.Kubeconfig);
        var stored = await StoredAsync(api);
        Assert.Equal(ShapeGraphs.All.Keys.Order(StringComparer.Ordinal), stored.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, (_, graph)) in ShapeGraphs.All)
        {
            AssertPlanned(name, graph, stored[name], Lines(plan, name));
            Assert.Equal((name, "successful"), (name, stored[name]["status"]!["state"]!.ToString()));
        }

        // A router's replicas are the manifest's: two workers behind one frontend.
        foreach (var version in new[] { "v1alpha1", "v1beta1" })
        {
            var graph = stored[$"vllm-agg-router-{version}"]["metadata"]!["name"]!.ToString();
            Assert.Equal((1, 2), (await PodsAsync(api, graph, "Frontend"), await PodsAsync(api, graph, "VllmDecodeWorker")));
        }

        var beside = stored[ShapeGraphs.WithCompanion]["metadata"]!["name"]!.ToString() + "-engine-config";
        Assert.Contains(beside, await api.NamesAsync("api/v1 configmaps"));
    }

    private static void AssertPlanned(string name, JsonObject manifest, JsonObject stored, IReadOnlyList<string> lines)
    {
        var differences = Differences(manifest, stored, "").Where(path => !Servers.Contains(path, StringComparer.Ordinal)).ToList();
        var unused = lines.ToHashSet(StringComparer.Ordinal);
        foreach (var path in differences)
        {
            var line = lines.FirstOrDefault(text => Regex.IsMatch(text, Announcing(path, stored), RegexOptions.ExplicitCapture, Limit));
            Assert.True(line is not null, $"{name}: {path} is stored otherwise than the manifest has it, and no line of the plan says so:\n{string.Join('\n', lines)}");
            unused.Remove(line!);
        }

        Assert.True(unused.Count == 0,
            $"{name}: the plan names what is not there:\n{string.Join('\n', unused)}\n{string.Join('\n', differences)}");
    }

    // The form of the line that tells a difference.
    private static string Announcing(string path, JsonObject stored) => path switch
    {
        "metadata.name" => $"^name {Regex.Escape(stored["metadata"]!["name"]!.ToString())} instead of ",
        "metadata.labels" => "^name .*; labels of run and row on the graph and its pods ",
        _ when Regex.IsMatch(path, @"^spec\.services\.\w+\.labels$|\.podTemplate\.metadata$", RegexOptions.None, Limit) =>
            "^name .*; labels of run and row on the graph and its pods ",
        _ when path.EndsWith(".dynamoNamespace", StringComparison.Ordinal) => "^Dynamo namespace ",
        _ when Regex.Match(path, @"^spec\.envs?\[(?<name>\w+)\]$", RegexOptions.ExplicitCapture, Limit) is { Success: true } variable =>
            $@"^variables .*\b{variable.Groups["name"].Value}\b.* \(environment of the profile\)$",
        _ => $@"(^|[ ,]){Regex.Escape(path)}([ ,]|$).*\(.+\)$",
    };

    private static IReadOnlyList<string> Lines(string plan, string deployment) =>
    [
        .. plan.Split('\n').Select(line => line.TrimEnd())
            .SkipWhile(line => !line.StartsWith($"{deployment}-{ShapeGraphs.Failure}: ", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith(' '))
            .Where(line => line.StartsWith("    ", StringComparison.Ordinal)
                && !line.TrimStart().StartsWith("ConfigMap ", StringComparison.Ordinal))
            .Select(line => line.Trim()),
    ];

    private static IEnumerable<string> Differences(JsonNode? before, JsonNode? after, string path)
    {
        if (before is JsonObject left && after is JsonObject right)
        {
            return left.Select(p => p.Key).Union(right.Select(p => p.Key), StringComparer.Ordinal)
                .SelectMany(key => Both(left.ContainsKey(key), right.ContainsKey(key), left[key], right[key], path.Length == 0 ? key
                    : $"{path}.{key}"));
        }

        if (before is JsonArray one && after is JsonArray other && Named(one) is { } ones && Named(other) is { } others)
        {
            return ones.Keys.Union(others.Keys, StringComparer.Ordinal).SelectMany(name =>
                Both(ones.ContainsKey(name), others.ContainsKey(name), ones.GetValueOrDefault(name), others.GetValueOrDefault(name),
                    $"{path}[{name}]"));
        }

        return JsonNode.DeepEquals(before, after) ? [] : [path];

        static IEnumerable<string> Both(bool inOne, bool inOther, JsonNode? one, JsonNode? other, string path) =>
            inOne && inOther ? Differences(one, other, path) : [path];
    }

    private static Dictionary<string, JsonNode>? Named(JsonArray list) =>
        list.All(item => (item as JsonObject)?["name"] is not null)
            ? list.ToDictionary(item => item!["name"]!.ToString(), item => item!, StringComparer.Ordinal) : null;

    private static async Task<Dictionary<string, JsonObject>> StoredAsync(ClusterApi api)
    {
        var found = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var version in new[] { "v1alpha1", "v1beta1" })
        {
            var list = await api.SendAsync(HttpMethod.Get,
                $"apis/nvidia.com/{version}/namespaces/{ClusterApi.Namespace}/dynamographdeployments");
            foreach (var item in list["items"]!.AsArray().Select(item => item!.AsObject()))
            {
                var row = item["metadata"]!["labels"]!["faultmatrix.dev/scenario"]!.ToString();
                var deployment = row[..row.LastIndexOf('-')];
                if (ShapeGraphs.All[deployment].Version == version)
                {
                    found[deployment] = item;
                }
            }
        }

        return found;
    }

    private static async Task<int> PodsAsync(ClusterApi api, string graph, string component) => (await api.ReadyPodsAsync(
        $"nvidia.com%2Fdynamo-graph-deployment-name%3D{graph}%2Cnvidia.com%2Fdynamo-component%3D{component}")).Count;
}
