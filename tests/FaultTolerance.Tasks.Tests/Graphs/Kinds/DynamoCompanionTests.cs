using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Shapes;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>Documents beside a graph: their names, what follows them, what cannot stand there, and what the cluster must serve.</summary>
public sealed class DynamoCompanionTests
{
    private const string Beside = """
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: engine-config, namespace: other}
        data: {agg.yaml: "a: 1"}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: models}
        spec: {accessModes: [ReadWriteMany]}
        ---
        apiVersion: resource.k8s.io/v1
        kind: ResourceClaimTemplate
        metadata: {name: gpu}
        spec: {}
        ---
        apiVersion: resource.nvidia.com/v1beta1
        kind: ComputeDomain
        metadata: {name: domain}
        spec: {numNodes: 2, channel: {resourceClaimTemplate: {name: channel}}}
        ---
        apiVersion: nvidia.com/v1alpha1
        kind: DynamoModel
        metadata: {name: lora}
        spec: {modelName: x}

        """;

    private const string Graph = """
        apiVersion: nvidia.com/v1beta1
        kind: DynamoGraphDeployment
        metadata: {name: G}
        spec:
          components:
          - {name: Frontend, type: frontend, podTemplate: {spec: {containers: [{name: main, image: i}]}}}
          - name: decode
            type: decode
            podTemplate:
              spec:
                resourceClaims: [{name: a, resourceClaimTemplateName: gpu}, {name: b, resourceClaimTemplateName: channel}]
                volumes: [{name: c, configMap: {name: engine-config}}, {name: m, persistentVolumeClaim: {claimName: models}}, {name: s, secret: {secretName: mine}}]
                containers: [{name: main, image: i, envFrom: [{configMapRef: {name: engine-config}}, {secretRef: {name: engine-config}}]}]

        """;

    private static readonly GraphOwner Owner = new("20260101-000000-abcd", "row", "ft");

    [Fact]
    public void Names_get_the_graphs_in_front_and_references_follow()
    {
        var graph = Build($"{Graph}{Beside}");

        Assert.Equal(
            [
                ("ConfigMap", "ft-1-engine-config"), ("PersistentVolumeClaim", "models"), ("ResourceClaimTemplate", "ft-1-gpu"),
                ("ComputeDomain", "ft-1-domain"), ("DynamoModel", "ft-1-lora"), ("DynamoGraphDeployment", "ft-1"),
            ],
            graph.Objects.Select(o => (o.Type.Kind, o.Name)));
        Assert.All(graph.Objects, o => Assert.Equal("faultmatrix", o.Body["metadata"]!["labels"]![GraphLabels.ManagedBy]!.ToString()));
        Assert.All(graph.Objects, o => Assert.Null(o.Body["metadata"]!["namespace"]));
        Assert.Equal(["models"], graph.Objects.Where(o => o.IsShared).Select(o => o.Name));
        Assert.Equal("ft-1-channel", graph.Objects[3].Body["spec"]!["channel"]!["resourceClaimTemplate"]!["name"]!.ToString());
        var spec = graph.Objects[^1].Body["spec"]!["components"]![1]!["podTemplate"]!["spec"]!;
        Assert.Equal("""[{"name":"a","resourceClaimTemplateName":"ft-1-gpu"},{"name":"b","resourceClaimTemplateName":"ft-1-channel"}]""", spec["resourceClaims"]!.ToJsonString());
        Assert.Equal(
            """[{"name":"c","configMap":{"name":"ft-1-engine-config"}},{"name":"m","persistentVolumeClaim":{"claimName":"models"}},{"name":"s","secret":{"secretName":"mine"}}]""",
            spec["volumes"]!.ToJsonString());

        // A secret of the same name is another object.
        Assert.Equal("""[{"configMapRef":{"name":"ft-1-engine-config"}},{"secretRef":{"name":"engine-config"}}]""", spec["containers"]![0]!["envFrom"]!.ToJsonString());
        Assert.Contains(graph.Changes, change => change.Text == "ConfigMap engine-config is ft-1-engine-config; labels");
        Assert.Contains(graph.Rights, right => right is { Verb: "create", Resource: "computedomains" });
    }

    [Fact]
    public void Cluster_wide_kind_is_refused_with_its_place()
    {
        var error = Assert.Throws<FaultMatrixException>(() => Build($"{Graph}---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: x}}\n"));

        Assert.Equal("FT0230", error.Code);
        Assert.Equal(("x.yaml", Graph.Split('\n').Length + 1), (error.File, error.Line));
    }

    [Fact]
    public void Two_graphs_need_the_name_of_the_one_that_is_meant()
    {
        var two = $"{Graph}---\n{Graph.Replace("name: G", "name: H", StringComparison.Ordinal)}";
        var error = Assert.Throws<FaultMatrixException>(() => Build(two));

        Assert.Equal("FT0214", error.Code);
        Assert.Contains("""(G, H); say which is meant: "graph": "G" """.TrimEnd(), error.Message, StringComparison.Ordinal);
        Assert.Equal(Graph.Split('\n').Length + 1, error.Line);
        Assert.Single(Build(two, "H").Objects);
        Assert.Equal("FT0214", Assert.Throws<FaultMatrixException>(() => Build(two, "I")).Code);
    }

    [Theory]
    [InlineData("ConfigMap", true, null)]
    [InlineData("Other", true, "FT0323")]
    [InlineData("ConfigMap", false, "FT0230")]
    public async Task Kind_that_the_cluster_does_not_serve_is_refused_before_anything_is_made(string served, bool namespaced, string? code)
    {
        await using var api = await FakeApi.StartAsync();
        api.Handle = async http => http.Request.Path == "/api/v1"
            && await FakeApi.JsonAsync(http, $$"""{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"things","kind":"{{served}}","namespaced":{{(namespaced ? "true" : "false")}},"verbs":[]}]}""");
        using var session = await api.ConnectAsync(TimeProvider.System, retries: 0);
        var graph = Build($"{Graph}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\n");

        if (code is null)
        {
            var named = await ServedObjects.CheckAsync(session, graph, "x.yaml", TestContext.Current.CancellationToken);
            Assert.Equal("things", named.Objects[0].Type.Plural);
            return;
        }

        var error = await Assert.ThrowsAsync<FaultMatrixException>(() =>
            ServedObjects.CheckAsync(session, graph, "x.yaml", TestContext.Current.CancellationToken));
        Assert.Equal(code, error.Code);
        Assert.StartsWith("x.yaml:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false, "FT0324")]
    [InlineData("grove.io", false, null)]
    [InlineData("grove.io", true, "FT0324")]
    [InlineData("leaderworkerset.x-k8s.io", true, null)]
    public async Task Graph_of_several_nodes_needs_Grove_or_LeaderWorkerSet(string served, bool off, string? code)
    {
        await using var api = await FakeApi.StartAsync();
        api.Handle = async http => http.Request.Path == $"/apis/{served}"
            && await FakeApi.JsonAsync(http, $$"""{"kind":"APIGroup","name":"{{served}}","versions":[{"groupVersion":"{{served}}/v1","version":"v1"}]}""");
        using var session = await api.ConnectAsync(TimeProvider.System, retries: 0);
        var yaml = ManifestShapes.Graph("vllm-multinode", "v1beta1");
        if (off)
        {
            yaml["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject { ["nvidia.com/enable-grove"] = "false" };
        }

        var checking = ServedObjects.CheckAsync(session, Build(yaml.ToJsonString()), "x.yaml", TestContext.Current.CancellationToken);

        var error = await Record.ExceptionAsync(() => checking);
        Assert.Equal(code, (error as FaultMatrixException)?.Code);
        Assert.True(code is not null || error is null, $"{error}");
    }

    private static FaultTolerance.Graphs.Graph Build(string yaml, string? graph = null) => new DynamoGraphKind().Build(
        Manifest.Parse("x.yaml", yaml), "ft-1", new Deployment { Name = "x", Manifest = "x.yaml", Graph = graph }, Owner, ["v1alpha1", "v1beta1"]);
}
