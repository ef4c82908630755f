using System.Collections.Immutable;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Graphs.Kinds;

public sealed class GraphRenameTests
{
    private const string Dynamo = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: dynamo-decode, labels: {faultmatrix.dev/graph: dynamo, faultmatrix.dev/role: decode}}
        spec:
          replicas: 3
          selector: {matchLabels: {faultmatrix.dev/graph: dynamo}}
          template:
            metadata: {labels: {faultmatrix.dev/graph: dynamo}}
            spec:
              serviceAccountName: dynamo-account
              containers:
              - name: dynamo
                image: dynamo:1
                command: [python3, -m, dynamo.vllm]
                args: [--model, dynamo/model, --peer, "http://dynamo-decode:9090/dynamo"]
                workingDir: /opt/dynamo
                env:
                - {name: SELECTOR, value: "faultmatrix.dev/graph=dynamo"}
                - {name: HOST, value: dynamo-decode}
                - {name: MODULE, value: dynamo.frontend}
                - {name: URL, value: "http://dynamo-frontend.ns.svc:8000/dynamo"}
                envFrom: [{configMapRef: {name: dynamo-config}}]
                volumeMounts: [{name: dynamo, mountPath: /dynamo}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: dynamo-decode, labels: {faultmatrix.dev/graph: dynamo}}
        spec: {selector: {faultmatrix.dev/graph: dynamo}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: dynamo-config, labels: {faultmatrix.dev/graph: dynamo}}
        data: {nginx.conf: "proxy_pass http://dynamo-frontend:8000; root /var/dynamo; # dynamo"}
        """;

    private static readonly GraphOwner Owner = new("r1", "x-none", "ft");

    [Fact]
    public void Name_is_replaced_in_names_selectors_references_and_hosts_only()
    {
        var graph = Build(Dynamo, new Deployment { Name = "x", Manifest = "x.yaml" });
        var deployment = graph.Objects.Single(o => o.Type.Kind == "Deployment").Body;
        var pod = deployment["spec"]!["template"]!["spec"]!;
        var container = pod["containers"]![0]!;

        Assert.Equal("ft-1-decode", deployment["metadata"]!["name"]!.ToString());
        Assert.Equal("ft-1", deployment["spec"]!["selector"]!["matchLabels"]![GraphLabels.Graph]!.ToString());
        Assert.Equal("ft-1-account", pod["serviceAccountName"]!.ToString());
        Assert.Equal(
            ("dynamo", "dynamo:1", "/opt/dynamo"),
            (container["name"]!.ToString(), container["image"]!.ToString(), container["workingDir"]!.ToString())
        );
        Assert.Equal("""["python3","-m","dynamo.vllm"]""", container["command"]!.ToJsonString());
        Assert.Equal("""["--model","dynamo/model","--peer","http://dynamo-decode:9090/dynamo"]""", container["args"]!.ToJsonString());
        Assert.Equal(
            ["faultmatrix.dev/graph=ft-1", "ft-1-decode", "dynamo.frontend", "http://ft-1-frontend.ns.svc:8000/dynamo"],
            container["env"]!.AsArray().Select(v => v!["value"]!.ToString()));
        Assert.Equal("ft-1-config", container["envFrom"]![0]!["configMapRef"]!["name"]!.ToString());
        Assert.Equal("dynamo", container["volumeMounts"]![0]!["name"]!.ToString());
        Assert.Equal(
            "proxy_pass http://ft-1-frontend:8000; root /var/dynamo; # dynamo",
            graph.Objects.Single(o => o.Type.Kind == "ConfigMap").Body["data"]!["nginx.conf"]!.ToString());
    }

    [Fact]
    public void Argument_that_names_a_Service_stays_as_written_and_is_told_with_its_line()
    {
        var warning = Assert.Single(Build(Dynamo, new Deployment { Name = "x", Manifest = "x.yaml" }).Warnings);

        Assert.Equal(("FT0224", Severity.Warning, "x.yaml", 15), (warning.Code, warning.Severity, warning.File, warning.Line));
        Assert.Contains("'http://dynamo-decode:9090/dynamo' names the Service 'dynamo-decode'", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--upstream=http://web:8000/v1", true)]
    [InlineData("http://user@web", true)]
    [InlineData("web:8000", true)]
    [InlineData("a:1,web:8000", true)]
    [InlineData("web.ft.svc", true)]
    [InlineData("web-decode", true)]
    [InlineData("web", false)]
    [InlineData("web-server", false)]
    [InlineData("my-web:8000", false)]
    [InlineData("/srv/web", false)]
    [InlineData("web/model", false)]
    [InlineData("http://web-other:8000", false)]
    [InlineData("http://webs:8000", false)]
    public void Argument_is_a_host_name_or_it_is_not(string argument, bool told)
    {
        var rename = new GraphRename("web", "ft-1", new HashSet<string>(StringComparer.Ordinal) { "web", "web-decode" });

        Assert.Equal(told, rename.Missed(argument) is not null);
    }

    [Theory]
    [InlineData("llama", "llama:1", "llama-server")]
    [InlineData("vllm", "vllm/vllm-openai", "vllm")]
    public void Graph_that_is_called_as_its_program_runs_it_all_the_same(string graph, string image, string command)
    {
        var built = Build($$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{graph}}-server, labels: {faultmatrix.dev/graph: {{graph}}, faultmatrix.dev/role: frontend} }
            spec:
              selector: { matchLabels: { faultmatrix.dev/graph: {{graph}} } }
              template:
                metadata: { labels: { faultmatrix.dev/graph: {{graph}} } }
                spec:
                  containers: [{name: server, image: "{{image}}", command: [{{command}}, serve]}]
            """, new Deployment { Name = "x", Manifest = "x.yaml" });

        var container = built.Objects[0].Body["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal((image, command), (container["image"]!.ToString(), container["command"]![0]!.ToString()));
        Assert.Equal("ft-1-server", built.Objects[0].Name);
        Assert.Empty(built.Warnings);
    }

    [Fact]
    public void Replicas_stay_as_the_manifest_has_them_unless_asked_otherwise()
    {
        var asWritten = Build(Dynamo, new Deployment { Name = "x", Manifest = "x.yaml" });
        Assert.Equal(3, Assert.Single(asWritten.Services).Replicas);
        Assert.Empty(asWritten.Changes);

        var byNumber = Build(Dynamo, new Deployment { Name = "x", Manifest = "x.yaml", Replicas = 1 });
        Assert.Equal("decode: 1 replica instead of 3", Assert.Single(byNumber.Changes).Text);

        var byRole = Build(Dynamo, new Deployment { Name = "x", Manifest = "x.yaml", Replicas = 1, ReplicasOf = Of("DECODE", 5) });
        Assert.Equal(5, byRole.Objects.Single(o => o.Type.Kind == "Deployment").Body["spec"]!["replicas"]!.GetValue<int>());

        var e = Assert.Throws<FaultMatrixException>(() =>
            Build(
                Dynamo,
                new Deployment
                {
                    Name = "x",
                    Manifest = "x.yaml",
                    ReplicasOf = Of("prefil", 2),
                }
            )
        );
        Assert.Equal("FT0220", e.Code);
        Assert.Contains("decode (decode)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1alpha1", "dynamoNamespace: shared", "ft-1", null)]
    [InlineData("v1alpha1", "x: y", "ft-1", null)]
    [InlineData("v1alpha1", "globalDynamoNamespace: true", null, "dynamo")]
    [InlineData("v1alpha1", "extraPodSpec: {mainContainer: {env: [{name: DYN_NAMESPACE, value: pinned}]}}", "ft-1", "pinned")]
    public void Graph_has_a_Dynamo_namespace_of_its_own_unless_it_shares_one_on_purpose(
        string version,
        string line,
        string? space,
        string? shared
    )
    {
        var graph = Build($$"""
            apiVersion: nvidia.com/{{version}}
            kind: DynamoGraphDeployment
            metadata: {name: x}
            spec:
              services:
                Frontend: {componentType: frontend, {{line}} }
                Worker: {componentType: worker, {{line}} }
            """, new Deployment { Name = "x", Manifest = "x.yaml" });

        var services = graph.Objects[0].Body["spec"]!["services"]!.AsObject().Select(s => s.Value!["dynamoNamespace"]?.ToString());
        Assert.Equal([space, space], services);
        Assert.Equal(shared, graph.SharedNamespace);
        Assert.Equal(space is not null, graph.Changes.Any(change => change.Text.StartsWith("Dynamo namespace ft-1", StringComparison.Ordinal)));
    }

    [Fact]
    public void Graph_of_the_newer_version_is_left_to_its_operator()
    {
        var graph = Build("""
            apiVersion: nvidia.com/v1beta1
            kind: DynamoGraphDeployment
            metadata: {name: x}
            spec: {components: [{name: Frontend, type: frontend}, {name: decode, type: decode}]}
            """, new Deployment { Name = "x", Manifest = "x.yaml" });

        Assert.DoesNotContain("dynamoNamespace", graph.Objects[0].Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(graph.SharedNamespace);
        Assert.StartsWith("name ft-1 instead of x", Assert.Single(graph.Changes).Text, StringComparison.Ordinal);
    }

    private static ImmutableSortedDictionary<string, int> Of(string key, int replicas) =>
        ImmutableSortedDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase).Add(key, replicas);

    private static Graph Build(string yaml, Deployment deployment)
    {
        var manifest = Manifest.Parse("x.yaml", yaml);
        var kind = GraphKinds.Default.All.First(k => k.Handles(manifest));
        return kind.Build(manifest, "ft-1", deployment, Owner, ["v1alpha1", "v1beta1"]);
    }
}
