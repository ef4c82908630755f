using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Tests.Operator;

/// <summary>What the operator makes of a graph in profile today.</summary>
public sealed class TodayPlanTests
{
    private static readonly OperatorOptions Options = new(null, GpuLimits: false);

    [Fact]
    public void Of_graphThatAsksForToday_hasTodaysProbesLabelsAndVariables()
    {
        var frontend = Template(Today(Graphs.Alpha()), "graph-frontend");
        var worker = Template(Today(Graphs.Alpha()), "graph-vllmprefillworker");

        Assert.Equal((10, 10, 3), Probe(frontend, "readinessProbe"));
        Assert.Equal((15, 10, 1), Probe(frontend, "livenessProbe"));
        Assert.Equal((0, 5, 4), Probe(worker, "livenessProbe"));
        Assert.Equal(["python3", "-m", "dynamo.frontend"], Texts(MainOf(frontend)["command"]).Concat(Texts(MainOf(frontend)["args"])));
        Assert.Equal("kubernetes", Variable(frontend, "DYN_DISCOVERY_BACKEND"));
        Assert.Equal("dn", Variable(frontend, "DYN_NAMESPACE_PREFIX"));
        Assert.Equal("false", Variable(worker, "DYN_HEALTH_CHECK_ENABLED"));
        Assert.Equal(worker.At("metadata", "labels", GraphLabels.WorkerHash).Text(), Variable(worker, "DYN_NAMESPACE_WORKER_SUFFIX"));
        Assert.Equal("true", worker.At("metadata", "labels", GraphLabels.DiscoveryEnabled).Text());
        Assert.Equal([9090L, 19090L], MainOf(worker)["ports"]!.AsArray().Select(port => port.At("containerPort").Number()!.Value));
        Assert.Equal("graph-discovery", worker.At("spec", "serviceAccountName").Text());
    }

    [Fact]
    public void Of_discoveryBackendOfTheManifest_wins()
    {
        var graph = Today(Graphs.Alpha());
        graph["spec"]!["envs"]!.AsArray().Add(new JsonObject { ["name"] = "DYN_DISCOVERY_BACKEND", ["value"] = "etcd" });

        Assert.Equal("etcd", Variable(Template(graph, "graph-vllmprefillworker"), "DYN_DISCOVERY_BACKEND"));
    }

    [Fact]
    public void Of_roleOfToday_letsWorkersWriteTheirCards()
    {
        var rules = Plan(Today(Graphs.Alpha())).Single(planned => planned.Plural == "roles").Body["rules"]!.AsArray();

        Assert.Equal(["pods", "endpointslices", "dynamoworkermetadatas"], rules.Select(rule => rule.At("resources")![0].Text()));
    }

    [Fact]
    public void Of_workerHash_isOneForDecodeAndPrefill()
    {
        var graph = Today(Graphs.Alpha());
        var decode = (JsonObject)graph["spec"]!["services"]!["VllmPrefillWorker"]!.DeepClone();
        decode["subComponentType"] = "decode";
        graph["spec"]!["services"]!["VllmDecodeWorker"] = decode;

        Assert.Equal(
            Variable(Template(graph, "graph-vllmprefillworker"), "DYN_NAMESPACE_WORKER_SUFFIX"),
            Variable(Template(graph, "graph-vllmdecodeworker"), "DYN_NAMESPACE_WORKER_SUFFIX"));
    }

    [Fact]
    public void Of_workerHash_changesWithTheWorkerAndNotWithItsNumber()
    {
        var scaled = Today(Graphs.Alpha());
        scaled["spec"]!["services"]!["VllmPrefillWorker"]!["replicas"] = 7;
        var changed = Today(Graphs.Alpha());
        changed["spec"]!["services"]!["VllmPrefillWorker"]!["envs"] = new JsonArray(new JsonObject { ["name"] = "X", ["value"] = "1" });

        Assert.Equal(Hash(Today(Graphs.Alpha())), Hash(scaled));
        Assert.NotEqual(Hash(scaled), Hash(changed));

        static string? Hash(JsonObject graph) =>
            Template(graph, "graph-vllmprefillworker").At("metadata", "labels", GraphLabels.WorkerHash).Text();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_whatOnlyGpuClustersHave_isLeftOutAndTold(bool asked)
    {
        var graph = Graphs.Beta();
        var component = (JsonObject)graph["spec"]!["components"]![1]!;
        var spec = (JsonObject)component["podTemplate"]!["spec"]!;
        spec.Merge((JsonObject)JsonNode.Parse("""
            {"nodeSelector":{"gpu":"h100"},"affinity":{"nodeAffinity":{}},"runtimeClassName":"nvidia","resourceClaims":[{"name":"c"}],
             "tolerations":[{"key":"nvidia.com/gpu"}],
             "volumes":[{"name":"models","persistentVolumeClaim":{"claimName":"models"}},{"name":"s","secret":{"secretName":"s"}}]}
            """)!);
        ((JsonObject)spec["containers"]![0]!).Merge((JsonObject)JsonNode.Parse("""
            {"envFrom":[{"secretRef":{"name":"hf-token-secret"}}],"env":[{"name":"T","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],
             "resources":{"limits":{"cpu":"1","rdma/ib":"8"},"claims":[{"name":"c"}]}}
            """)!);

        var plan = GraphPlan
            .Of(GraphSpec.Read(graph), new(null, asked))
            .Single(planned => planned.Plural == "deployments" && planned.Name == "graph-vllmprefillworker");
        var pod = plan.Body.At("spec", "template", "spec")!;
        var main = pod["containers"]![0]!;

        Assert.True(main.At("envFrom")![0].At("secretRef", "optional")!.GetValue<bool>());
        Assert.True(
            main.At("env")!
                .AsArray()
                .Single(variable => variable.At("name").Text() == "T")
                .At("valueFrom", "secretKeyRef", "optional")!
                .GetValue<bool>()
        );
        Assert.True(pod["volumes"]![1].At("secret", "optional")!.GetValue<bool>());
        Assert.NotNull(pod["tolerations"]);
        if (asked)
        {
            Assert.NotNull(pod["nodeSelector"]);
            Assert.Equal("1", main.At("resources", "limits", "nvidia.com/gpu").Text());
            return;
        }

        Assert.Equal(
            "main: resources.limits nvidia.com/gpu 1; nodeSelector; affinity; runtimeClassName; resourceClaims; main: resources.claims; main: resources.limits rdma/ib; volume models: an empty folder instead of its claim",
            plan.Body.At("metadata", "annotations", GraphPlan.LeftOutAnnotation).Text());
        Assert.Equal("""{"limits":{"cpu":"1"}}""", main["resources"]!.ToJsonString());
        Assert.Equal("""{"name":"models","emptyDir":{}}""", pod["volumes"]![0]!.ToJsonString());
        Assert.Null(pod["nodeSelector"]);
    }

    [Fact]
    public void Of_volumeMountsOfV1alpha1_areEmptyFolders()
    {
        var graph = Graphs.Alpha();
        graph["spec"]!["services"]!["VllmPrefillWorker"]!["volumeMounts"] = JsonNode.Parse(
            """[{"name":"model-cache","mountPoint":"/opt/models"}]"""
        );

        var pod = Template(graph, "graph-vllmprefillworker").At("spec")!;

        Assert.Equal("""[{"name":"model-cache","emptyDir":{}}]""", pod["volumes"]!.ToJsonString());
        Assert.Equal("""[{"name":"model-cache","mountPath":"/opt/models"}]""", pod["containers"]![0]!["volumeMounts"]!.ToJsonString());
    }

    [Fact]
    public void Of_failoverPod_hasTwoEnginesAndNoMain()
    {
        var graph = Today(Graphs.Alpha());
        graph["spec"]!["services"]!["VllmPrefillWorker"]!["failover"] = JsonNode.Parse("""{"enabled":true,"mode":"intraPod"}""");

        var containers = Template(graph, "graph-vllmprefillworker").At("spec", "containers")!.AsArray();

        Assert.Equal(["engine-0", "engine-1"], containers.Select(container => container.At("name").Text()));
        Assert.Equal(["0", "1"], containers.Select(container => Variable((JsonObject)container!, "ENGINE_ID", own: true)));
        Assert.Equal(["9090", "9091"], containers.Select(container => Variable((JsonObject)container!, "DYN_SYSTEM_PORT", own: true)));
        Assert.Equal([9090L, 9091L], containers.Select(container => container.At("livenessProbe", "httpGet", "port").Number()!.Value));
    }

    [Fact]
    public void Of_frontendSidecar_hasAFrontendsVariables()
    {
        var graph = Today(Graphs.Beta());
        var component = (JsonObject)graph["spec"]!["components"]![1]!;
        component["frontendSidecar"] = "side";
        component["podTemplate"]!["spec"]!["containers"]!
            .AsArray()
            .Add(JsonNode.Parse("""{"name":"side","image":"i","args":["-m","dynamo.frontend","--router-mode","direct"]}"""));

        var side = Template(graph, "graph-vllmprefillworker").At("spec", "containers")![1] as JsonObject;

        Assert.Equal("8000", Variable(side!, "DYN_HTTP_PORT", own: true));
        Assert.Equal("dn", Variable(side!, "DYN_NAMESPACE", own: true));
    }

    [Fact]
    public void Of_containerBesideAWorker_hasThePodsAddressAndWhatStandInsAreTold()
    {
        var graph = Today(Graphs.Beta());
        graph["spec"]!["env"] = JsonNode.Parse("""[{"name":"STANDIN_PROFILE","value":"today"},{"name":"STANDIN_SEED","value":"3"},{"name":"A","value":"b"}]""");
        graph["spec"]!["components"]![1]!["podTemplate"]!["spec"]!["containers"]!
            .AsArray()
            .Add(JsonNode.Parse("""{"name":"vllm-engine","image":"i","command":["vllm-rs","serve","M"],"env":[{"name":"STANDIN_SEED","value":"4"}]}"""));

        var beside = (JsonObject)Template(graph, "graph-vllmprefillworker").At("spec", "containers")![1]!;

        Assert.Equal("4", Variable(beside, "STANDIN_SEED", own: true));
        Assert.Null(Variable(beside, "A", own: true));
        Assert.Contains(beside["env"]!.AsArray(), variable => variable.At("valueFrom", "fieldRef", "fieldPath").Text() == "status.podIP");
    }

    [Fact]
    public void Read_multinodeWithoutAnOrchestrator_saysSo()
    {
        var graph = Today(Graphs.Alpha());
        graph["spec"]!["services"]!["VllmPrefillWorker"]!["multinode"] = new JsonObject { ["nodeCount"] = 2 };

        Assert.Contains(
            "no multinode orchestrator available",
            Assert.Throws<GraphException>(() => GraphSpec.Read(graph)).Message,
            StringComparison.Ordinal
        );
    }

    private static JsonObject Today(JsonObject graph)
    {
        (graph["spec"]!["envs"] ?? graph["spec"]!["env"])!
            .AsArray()
            .Add(new JsonObject { ["name"] = "STANDIN_PROFILE", ["value"] = "today" });
        return graph;
    }

    private static ImmutableArray<PlannedObject> Plan(JsonObject graph) => GraphPlan.Of(GraphSpec.Read(graph), Options);

    private static JsonObject Template(JsonObject graph, string deployment) =>
        (JsonObject)
            Plan(graph).Single(planned => planned.Plural == "deployments" && planned.Name == deployment).Body.At("spec", "template")!;

    private static JsonObject MainOf(JsonObject template) => (JsonObject)template.At("spec", "containers")![0]!;

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(text => text.Text()!);

    private static string? Variable(JsonObject template, string name, bool own = false) =>
        (own ? template : MainOf(template))["env"]!
            .AsArray()
            .SingleOrDefault(variable => variable.At("name").Text() == name)
            .At("value")
            .Text();

    private static (int Initial, int Period, int Timeout) Probe(JsonObject template, string name)
    {
        var probe = MainOf(template)[name]!;
        return ((int)probe["initialDelaySeconds"]!, (int)probe["periodSeconds"]!, (int)probe["timeoutSeconds"]!);
    }
}
