using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Shapes;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>Each form of graph that Dynamo ships, in both versions: it reaches the cluster as written but for what its changes name.</summary>
public sealed class DynamoShapeTests
{
    private static readonly GraphOwner Owner = new("20260101-000000-abcd", "row", "ft");

    public static TheoryData<string, string> Shapes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var shape in ManifestShapes.All.Keys)
            {
                data.Add(shape, "v1alpha1");
                data.Add(shape, "v1beta1");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Build_without_wishes_changes_names_and_labels_alone(string shape, string version)
    {
        var graph = Build(shape, version, new Deployment { Name = "x", Manifest = "x.yaml" });

        Assert.Equal(Differences(shape, version, graph), Named(graph));
        Assert.All(graph.Changes, change => Assert.Equal("a row's graph is its own", change.Key));
        string[] own = ["metadata.name", "metadata.labels", .. ManifestShapes.All[shape].SelectMany((part, i) => version == "v1alpha1"
            ? new[] { $"spec.services.{part.Name}.labels", $"spec.services.{part.Name}.dynamoNamespace" }
            : [$"spec.components[{part.Name}].podTemplate.metadata"])];
        Assert.Equal(own.Order(StringComparer.Ordinal), Named(graph));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Build_with_every_wish_names_each_change_and_its_key(string shape, string version)
    {
        var worker = ManifestShapes.All[shape].Last(part => part.Type is "worker" or "main");
        var asked = new Deployment
        {
            Name = "x",
            Manifest = "x.yaml",
            Replicas = 3,
            TensorParallel = 2,
            Image = "other:1",
            ArgumentsOf = One<ImmutableArray<string>>(worker.Name, ["--max-model-len", "1024"]),
            EnvironmentOf = One(worker.Name, ImmutableSortedDictionary<string, string>.Empty.Add("A", "b")),
            Overlay = new GraphOverlay(
                ImmutableSortedDictionary<string, string>.Empty.Add("DYN_LOG", "debug"),
                ImmutableSortedDictionary<string, JsonObject>.Empty.Add("decode", new JsonObject { ["livenessProbe"] = new JsonObject { ["periodSeconds"] = 1 } })),
        };
        var graph = Build(shape, version, asked);

        Assert.Equal(Differences(shape, version, graph), Named(graph));
        var scaled = ManifestShapes.All[shape].Where(part => part.Type is not ("planner" or "epp") && !part.Scales).Select(part => part.Name);
        Assert.Equal(
            scaled.Order(StringComparer.Ordinal),
            graph.Changes.Where(change => change.Key == "replicas").Select(change => change.Text.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.Contains(graph.Changes, change => change.Key == "args");
        Assert.Contains(graph.Changes, change => change.Key == "env");
        Assert.Contains(graph.Changes, change => change.Key == "services of the profile");
        var text = graph.Objects[^1].Body.ToJsonString();
        foreach (var part in ManifestShapes.All[shape])
        {
            // Containers beside the component's own have its image and follow it.
            Assert.Equal(part.Type is "planner" or "epp", Service(graph, version, part.Name).ToJsonString().Contains(ManifestShapes.Image, StringComparison.Ordinal));
        }

        var gpus = version == "v1alpha1" ? "\"gpu\":\"2\"" : "\"nvidia.com/gpu\":\"2\"";
        var limited = ManifestShapes.All[shape].Count(part => part.Gpus is not null && !part.Scales);
        Assert.Equal(2 * limited, text.Split(gpus).Length - 1);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Roles_are_by_type_and_a_worker_that_does_not_prefill_decodes(string shape, string version)
    {
        var graph = Build(shape, version, new Deployment { Name = "x", Manifest = "x.yaml" });

        Assert.All(graph.Services, service => Assert.Equal(
            service.Name switch
            {
                "Frontend" => "frontend",
                "Planner" => "planner",
                "Epp" => "epp",
                _ => service.Name.Contains("prefill", StringComparison.OrdinalIgnoreCase) ? "prefill" : "decode",
            },
            service.Role));
        Assert.Equal(ManifestShapes.All[shape].Select(part => part.Replicas * part.Nodes), graph.Services.Select(service => service.PodCount));
        Assert.NotNull(graph.Find("frontend"));
        Assert.NotNull(graph.Find("decode"));
        Assert.Equal(shape.StartsWith("gateway", StringComparison.Ordinal), GraphShape.GatewayMissing(graph) is not null);
        Assert.Empty(GraphShape.Faults(Manifest.Parse("x.yaml", ManifestShapes.Yaml(shape, version)), graph));
    }

    [Theory]
    [InlineData("vllm-disagg-planner", "Planner", "only frontends and workers are scaled")]
    [InlineData("vllm-disagg-planner", "VllmDecodeWorker", "scalingAdapter")]
    [InlineData("gateway-agg", "epp", "only frontends and workers are scaled")]
    public void Replicas_of_what_others_scale_are_refused(string shape, string service, string why)
    {
        var asked = new Deployment { Name = "x", Manifest = "x.yaml", ReplicasOf = ImmutableSortedDictionary<string, int>.Empty.Add(service, 2) };
        foreach (var version in new[] { "v1alpha1", "v1beta1" })
        {
            var error = Assert.Throws<FaultMatrixException>(() => Build(shape, version, asked));
            Assert.Equal("FT0231", error.Code);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Unknown_service_is_told_with_the_names_there_are()
    {
        Deployment[] asked =
        [
            new() { Name = "x", Manifest = "x", ImageOf = One("worker9", "i") },
            new() { Name = "x", Manifest = "x", ArgumentsOf = One<ImmutableArray<string>>("worker9", ["-a"]) },
            new() { Name = "x", Manifest = "x", EnvironmentOf = One("worker9", ImmutableSortedDictionary<string, string>.Empty) },
            new() { Name = "x", Manifest = "x", ContainerImages = ImmutableSortedDictionary<string, string>.Empty.Add("worker9", "i") },
        ];
        Assert.All(asked, deployment =>
        {
            var error = Assert.Throws<FaultMatrixException>(() => Build("vllm-agg", "v1beta1", deployment));
            Assert.Equal("FT0220", error.Code);
            Assert.Contains("worker9", error.Message, StringComparison.Ordinal);
            Assert.Matches("VllmDecodeWorker \\(decode\\)|main", error.Message);
        });
    }

    [Theory]
    [InlineData("v1alpha1")]
    [InlineData("v1beta1")]
    public void Image_of_a_container_by_name_reaches_that_one_alone(string version)
    {
        var asked = new Deployment
        {
            Name = "x", Manifest = "x", Image = "all:1", ContainerImages = ImmutableSortedDictionary<string, string>.Empty.Add("vllm-engine", "engine:2"),
        };
        var text = Service(Build("vllm-sidecar", version, asked), version, "VllmSidecarDecodeWorker").ToJsonString();

        Assert.Equal((1, 1), (text.Split("engine:2").Length - 1, text.Split("all:1").Length - 1));
    }

    [Theory]
    [InlineData("v1alpha1", "extraPodSpec")]
    [InlineData("v1beta1", "podTemplate")]
    public void Patch_joins_containers_by_name(string version, string holder)
    {
        var containers = new JsonArray(new JsonObject { ["name"] = "vllm-engine", ["tty"] = true });
        var patch = version == "v1alpha1"
            ? new JsonObject { [holder] = new JsonObject { ["containers"] = containers } }
            : new JsonObject { [holder] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } } };
        var asked = new Deployment
        {
            Name = "x",
            Manifest = "x",
            Overlay = new GraphOverlay(ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, JsonObject>.Empty.Add("decode", patch)),
        };
        var graph = Build("vllm-sidecar", version, asked);
        var before = ManifestShapes.Graph("vllm-sidecar", version);

        Assert.Contains("\"name\":\"vllm-engine\",\"image\":\"faultmatrix/stand-in:1\",\"command\":[\"vllm-rs\",\"serve\",\"m/one\"],\"tty\":true",
            graph.Objects[0].Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(
            before.ToJsonString().Split("\"image\"").Length,
            graph.Objects[0].Body.ToJsonString().Split("\"image\"").Length);
    }

    private static Graph Build(string shape, string version, Deployment asked) => new DynamoGraphKind().Build(
        Manifest.Parse("x.yaml", ManifestShapes.Yaml(shape, version)), "ft-1", asked, Owner, ["v1alpha1", "v1beta1"]);

    private static IEnumerable<string> Differences(string shape, string version, Graph graph) =>
        JsonDifference.Paths(ManifestShapes.Graph(shape, version), graph.Objects[^1].Body).Order(StringComparer.Ordinal);

    // A path within another that is new as a whole is that one's.
    private static IEnumerable<string> Named(Graph graph)
    {
        var all = graph.Changes.SelectMany(change => change.Paths).Distinct(StringComparer.Ordinal).ToArray();
        return all.Where(path => !all.Any(other => path != other && (path.StartsWith($"{other}.", StringComparison.Ordinal)
            || path.StartsWith($"{other}[", StringComparison.Ordinal)))).Order(StringComparer.Ordinal);
    }

    private static JsonNode Service(Graph graph, string version, string name) => version == "v1alpha1"
        ? graph.Objects[^1].Body["spec"]!["services"]![name]!
        : graph.Objects[^1].Body["spec"]!["components"]!.AsArray().Single(c => c!["name"]!.ToString() == name)!;

    private static ImmutableSortedDictionary<string, T> One<T>(string key, T value) => ImmutableSortedDictionary<string, T>.Empty.Add(key, value);
}
