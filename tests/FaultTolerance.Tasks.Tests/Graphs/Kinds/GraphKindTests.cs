using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Graphs.Kinds;

public sealed class GraphKindTests
{
    private const string Alpha = """
        apiVersion: nvidia.com/v1alpha1
        kind: DynamoGraphDeployment
        metadata: {name: vllm-agg, namespace: other}
        spec:
          envs: [{name: DYN_LOG, value: info}, {name: KEEP, value: "1"}]
          services:
            Frontend: {componentType: frontend, replicas: 1, extraPodSpec: {mainContainer: {image: old}}}
            VllmDecodeWorker:
              componentType: worker
              resources: {limits: {gpu: "1"}}
              extraPodSpec: {mainContainer: {image: old, command: [/bin/sh, -c], args: ["python3 -m dynamo.vllm --model M"]}}
        """;

    private const string Beta = """
        apiVersion: nvidia.com/v1beta1
        kind: DynamoGraphDeployment
        metadata: {name: x}
        spec:
          components:
          - {name: Frontend, type: frontend, podTemplate: {spec: {containers: [{name: main, image: old}]}}}
          - {name: decode, type: decode, podTemplate: {spec: {containers: [{name: main, image: old, command: [python3, -m, dynamo.vllm], args: [--model, M]}]}}}
        """;

    private const string Plain = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: my-llm-decode, labels: {faultmatrix.dev/graph: my-llm, faultmatrix.dev/role: decode}}
        spec:
          selector: {matchLabels: {faultmatrix.dev/graph: my-llm}}
          template:
            metadata: {labels: {faultmatrix.dev/graph: my-llm}}
            spec: {containers: [{name: side, image: s}, {name: main, image: old, env: [{name: FRONT, value: "http://my-llm-frontend:8000"}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: my-llm-decode, labels: {faultmatrix.dev/graph: my-llm}}
        spec: {selector: {faultmatrix.dev/graph: my-llm}}
        """;

    private static readonly GraphOwner Owner = new("20260101-000000-abcd", "agg-none", "ft");

    private static readonly Deployment Change = new()
    {
        Name = "agg-tp-2-dp-2",
        Manifest = "x.yaml",
        Replicas = 2,
        TensorParallel = 2,
        Image = "new:1",
        Overlay = new GraphOverlay(
            ImmutableSortedDictionary<string, string>.Empty.Add("DYN_LOG", "debug"),
            ImmutableSortedDictionary<string, JsonObject>.Empty
                .Add("*", new JsonObject { ["mark"] = "all", ["more"] = "all" })
                .Add("decode", new JsonObject { ["mark"] = "role" })),
    };

    [Theory]
    [InlineData("frontend")]
    [InlineData("decode")]
    public void Service_of_a_graph_of_one_is_frontend_and_worker_at_once(string target)
    {
        var only = new GraphService("server", "frontend", 1);

        Assert.Equal(only, new Graph("vllm", new PlainGraphKind(), [only], []).Service(target));
        Assert.Throws<FaultMatrixException>(() => new Graph("vllm", new PlainGraphKind(), [only], []).Service("prefill"));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(", annotations: {nvidia.com/enable-grove: \"false\"}", """{"nvidia.com/enable-grove":"false"}""")]
    public void Annotation_of_the_manifest_says_whether_Grove_makes_the_pods(string annotations, string? expected)
    {
        var manifest = Alpha.Replace("namespace: other", "namespace: other" + annotations, StringComparison.Ordinal);
        var body = Build(manifest, ["v1alpha1"]).Objects[0].Body;
        Assert.Equal(expected, body["metadata"]!["annotations"]?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"nvidia.com/workload-provider":"grove"}},"status":{"services":{"a":{"componentKind":"Deployment"}}}}""", "grove")]
    [InlineData("""{"status":{"services":{"a":{"componentKind":"PodClique"},"b":{"componentKind":"PodClique"}}}}""", "PodClique")]
    [InlineData("""{"status":{"components":{"a":{"componentKind":"LeaderWorkerSet"},"b":{"componentKind":"Deployment"}}}}""", "Deployment, LeaderWorkerSet")]
    [InlineData("""{"status":{"state":"pending"}}""", null)]
    [InlineData("{}", null)]
    public void Provider_is_the_platforms_word_else_what_it_says_of_each_service(string current, string? expected) =>
        Assert.Equal(expected, new DynamoGraphKind().ProviderOf(JsonNode.Parse(current)!.AsObject()));

    [Fact]
    public void V1alpha1_takes_every_change()
    {
        var graph = Build(Alpha, ["v1alpha1", "v1beta1"]);
        var body = Assert.Single(graph.Objects).Body;
        Assert.Equal("ft-1", graph.Objects[0].Name);
        Assert.Null(body["metadata"]!["namespace"]);
        Assert.Equal("faultmatrix", body["metadata"]!["labels"]![GraphLabels.ManagedBy]!.GetValue<string>());
        Assert.Equal("""[{"name":"KEEP","value":"1"},{"name":"DYN_LOG","value":"debug"}]""", body["spec"]!["envs"]!.ToJsonString());
        var worker = body["spec"]!["services"]!["VllmDecodeWorker"]!;
        Assert.Equal(2, worker["replicas"]!.GetValue<int>());
        Assert.Equal("new:1", worker["extraPodSpec"]!["mainContainer"]!["image"]!.GetValue<string>());
        Assert.Equal(
            "python3 -m dynamo.vllm --model M --tensor-parallel-size 2",
            worker["extraPodSpec"]!["mainContainer"]!["args"]![0]!.GetValue<string>()
        );
        Assert.Equal("2", worker["resources"]!["limits"]!["gpu"]!.GetValue<string>());
        Assert.Equal(("role", "all"), (worker["mark"]!.GetValue<string>(), worker["more"]!.GetValue<string>()));
        Assert.Equal("all", body["spec"]!["services"]!["Frontend"]!["mark"]!.GetValue<string>());
        Assert.Null(body["spec"]!["services"]!["Frontend"]!["extraPodSpec"]!["mainContainer"]!["args"]);
        Assert.Equal([("Frontend", "frontend"), ("VllmDecodeWorker", "decode")], graph.Services.Select(s => (s.Name, s.Role)));
    }

    [Fact]
    public void V1beta1_takes_every_change()
    {
        var body = Build(Beta, ["v1beta1"]).Objects[0].Body;
        Assert.Equal("v1beta1", Build(Beta, ["v1beta1"]).Objects[0].Type.Version);
        var decode = body["spec"]!["components"]![1]!;
        Assert.Equal(
            """["--model","M","--tensor-parallel-size","2"]""",
            decode["podTemplate"]!["spec"]!["containers"]![0]!["args"]!.ToJsonString()
        );
        Assert.Equal("faultmatrix", decode["podTemplate"]!["metadata"]!["labels"]![GraphLabels.ManagedBy]!.GetValue<string>());
        Assert.Equal("""[{"name":"DYN_LOG","value":"debug"}]""", body["spec"]!["env"]!.ToJsonString());
        Assert.Equal("role", decode["mark"]!.GetValue<string>());
    }

    [Fact]
    public void Version_that_is_not_served_is_an_error()
    {
        Assert.Equal("FT0401", Assert.Throws<FaultMatrixException>(() => Build(Alpha, ["v1beta1"])).Code);
        Assert.Contains("does not know", Assert.Throws<FaultMatrixException>(() => Build(Alpha, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_of_the_deployment_itself_stays_as_it_is()
    {
        var manifest = Manifest.Parse("x.yaml", Alpha);
        var before = manifest.Documents[0].Body.ToJsonString();
        new DynamoGraphKind().Build(manifest, "ft-1", Change, Owner, ["v1alpha1"]);
        Assert.Equal(before, manifest.Documents[0].Body.ToJsonString());
    }

    [Fact]
    public void Plain_graph_takes_its_name_wherever_the_manifests_stands()
    {
        var graph = Build(Plain, []);
        Assert.Equal(["Service ft-1-decode", "Deployment ft-1-decode"], graph.Objects.Select(o => $"{o.Type.Kind} {o.Name}"));
        Assert.Equal(("decode", "decode", 2), (graph.Services[0].Name, graph.Services[0].Role, graph.Services[0].Replicas));
        var deployment = graph.Objects[1].Body;
        var main = deployment["spec"]!["template"]!["spec"]!["containers"]![1]!;
        Assert.Equal(
            """[{"name":"FRONT","value":"http://ft-1-frontend:8000"},{"name":"DYN_LOG","value":"debug"}]""",
            main["env"]!.ToJsonString()
        );
        Assert.Equal("new:1", main["image"]!.GetValue<string>());
        Assert.Equal("ft-1", deployment["spec"]!["selector"]!["matchLabels"]![GraphLabels.Graph]!.GetValue<string>());
        Assert.Equal("s", deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("v1", "Secret", "FT0216")]
    [InlineData("v1", "ConfigMap", "FT0217")]
    public void Plain_graph_refuses_what_it_does_not_know(string version, string kind, string code)
    {
        var e = Assert.Throws<FaultMatrixException>(() =>
            Build(
                $"{Plain}\n---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: stranger, labels: {{faultmatrix.dev/graph: my-llm}}}}",
                []
            )
        );
        Assert.Equal(code, e.Code);
        Assert.True(e.Line > 10);
    }

    [Theory]
    [InlineData("successful", "True", ReadyState.Ready)]
    [InlineData("successful", "False", ReadyState.Waiting)]
    [InlineData("pending", "True", ReadyState.Waiting)]
    [InlineData("failed", "False", ReadyState.Failed)]
    internal void Dynamo_graph_is_ready_by_condition_and_state(string state, string ready, ReadyState expected)
    {
        var status = JsonNode
            .Parse($$$"""{"status":{"state":"{{{state}}}","conditions":[{"type":"Ready","status":"{{{ready}}}"}]}}""")!
            .AsObject();
        Assert.Equal(expected, new DynamoGraphKind().Judge(new GraphObject(FaultTolerance.Cluster.ResourceType.Pods, []), status).State);
    }

    [Theory]
    [InlineData(1, ReadyState.Waiting)]
    [InlineData(2, ReadyState.Ready)]
    internal void Dynamo_graph_is_ready_only_when_its_latest_generation_was_looked_at(int observed, ReadyState expected)
    {
        var graph = JsonNode
            .Parse(
                $$$"""
                {"metadata":{"generation":2},"status":{"state":"successful","observedGeneration":{{{observed}}},"conditions":[{"type":"Ready","status":"True"}]}}
                """
            )!
            .AsObject();
        Assert.Equal(expected, new DynamoGraphKind().Judge(new GraphObject(FaultTolerance.Cluster.ResourceType.Pods, []), graph).State);
    }

    [Theory]
    [InlineData(1, 2, 2, ReadyState.Waiting)]
    [InlineData(2, 1, 2, ReadyState.Waiting)]
    [InlineData(2, 2, 1, ReadyState.Waiting)]
    [InlineData(2, 2, 2, ReadyState.Ready)]
    internal void Deployment_is_ready_when_its_latest_state_is_available(int observed, int updated, int available, ReadyState expected)
    {
        var json = JsonNode
            .Parse(
                $$$"""{"metadata":{"generation":2},"spec":{"replicas":2},"status":{"observedGeneration":{{{observed}}},"updatedReplicas":{{{updated}}},"availableReplicas":{{{available}}} }}"""
            )!
            .AsObject();
        var asked = Build(Plain, []).Objects[1];
        Assert.Equal(expected, new PlainGraphKind().Judge(asked, json).State);
    }

    [Theory]
    [InlineData("nvidia.com/dynamo-graph-deployment-name=ft-1,nvidia.com/dynamo-component=VllmDecodeWorker", "VllmDecodeWorker")]
    [InlineData(
        "nvidia.com/dynamo-graph-deployment-name=ft-2,nvidia.com/dynamo-component=VllmDecodeWorker,nvidia.com/selector=ft-1-vllmdecodeworker",
        null
    )]
    [InlineData("nvidia.com/selector=ft-1-vllmdecodeworker", "VllmDecodeWorker")]
    [InlineData("nvidia.com/selector=ft-1-stranger", null)]
    [InlineData("app=x", null)]
    public void Pod_is_found_by_newer_labels_then_older(string labels, string? service)
    {
        var graph = Build(Alpha, ["v1alpha1"]);
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Labels = labels.Split(',').ToDictionary(l => l.Split('=')[0], l => l.Split('=')[1], StringComparer.Ordinal),
            },
        };
        Assert.Equal(service, graph.Kind.ServiceOf(pod, "ft-1", graph.Services)?.Name);
    }

    [Fact]
    public void Target_is_a_service_or_a_role()
    {
        var graph = Build(Alpha, ["v1alpha1"]);
        Assert.Equal("VllmDecodeWorker", graph.Service("decode").Name);
        Assert.Equal("Frontend", graph.Service("Frontend").Name);
        Assert.Contains(
            "VllmDecodeWorker (decode)",
            Assert.Throws<FaultMatrixException>(() => graph.Service("prefill")).Message,
            StringComparison.Ordinal
        );
    }

    private static Graph Build(string yaml, string[] served)
    {
        var manifest = Manifest.Parse("x.yaml", yaml);
        return GraphKinds.Default.All.First(k => k.Handles(manifest)).Build(manifest, "ft-1", Change, Owner, served);
    }
}
