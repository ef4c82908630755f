using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Hosting;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>A real Dynamo, whose frontend and worker find each other through this cluster's API.</summary>
public sealed class RealDynamoTests : IDisposable
{
    /// <summary>Names the Python environment with ai-dynamo; without it the test is skipped.</summary>
    private const string EnvironmentVariable = "FAULTMATRIX_DYNAMO";

    /// <summary>Names the folder of a small model.</summary>
    private const string ModelVariable = "FAULTMATRIX_DYNAMO_MODEL";

    private static readonly string? Python = Environment.GetEnvironmentVariable(EnvironmentVariable);
    private static readonly string? Model = Environment.GetEnvironmentVariable(ModelVariable);
    private readonly string _folder = Directory.CreateTempSubdirectory("lc-dynamo-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frontend_and_mocker_of_a_virtual_environment_find_each_other_by_Kubernetes_discovery_and_answer()
    {
        Assert.SkipWhen(
            string.IsNullOrEmpty(Python) || string.IsNullOrEmpty(Model),
            $"no real Dynamo: {EnvironmentVariable} and {ModelVariable} are not set"
        );
        var manifest = Path.Combine(_folder, "graph.yaml");
        await File.WriteAllTextAsync(manifest, Graph(Model!), Cancellation);
        var options = ClusterOptions.Parse(
        [
            "--data", Path.Combine(_folder, "data"), "--kubeconfig", Path.Combine(_folder, "config"), "--namespace", "demo", "--image",
                $"dynamo={Python}",
            "--manifest", Path.Combine(Repository.Root, "deploy", "stand-in", "crd.yaml"), "--manifest", manifest,
        ]);
        await using var cluster = await LocalClusterHost.StartAsync(options, TimeProvider.System, Cancellation);
        using var http = new HttpClient();
        var frontend = new Uri($"http://{await AddressAsync("svc/frontend", "{.spec.clusterIP}")}:8080/v1/");

        await UntilAsync(async () => await GetAsync(http, new(frontend, "models")) is { } models
            && models.Maps("data").Any(entry => entry.Text("id") == "tiny"));
        using var answer = await http.PostAsJsonAsync(
            new Uri(frontend, "chat/completions"),
            new { model = "tiny", max_tokens = 10, messages = new[] { new { role = "user", content = "hello" } } },
            Cancellation);

        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        Assert.True(answer.IsSuccessStatusCode, body.ToJsonString());
        Assert.Equal(10, body.Number("usage", "completion_tokens"));
        Assert.StartsWith("worker-", await AddressAsync("dwm", "{.items[0].metadata.name}"), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> AddressAsync(string what, string path)
    {
        Assert.SkipWhen(TestProgram.Kubectl is null, "there is no kubectl on PATH");
        var (code, output, error) = await TestProgram.RunAsync(
            TestProgram.Kubectl!, ["get", what, "-o", $"jsonpath={path}"], ("KUBECONFIG", Path.Combine(_folder, "config")),
                ("HOME", _folder));
        return code == 0 ? output : throw new InvalidOperationException(error);
    }

    private static async Task<JsonNode?> GetAsync(HttpClient http, Uri address)
    {
        try
        {
            return JsonNode.Parse(await http.GetStringAsync(address, Cancellation));
        }
        catch (HttpRequestException)
        {
            return null; // no frontend is ready yet
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        while (!await condition())
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private static string Graph(string model)
    {
        var frontend = Component("frontend", "dynamo.frontend, --http-port, '8000'", 8000, 8080);
        var worker = Component("worker", $"dynamo.mocker, --model-path, {model}, --model-name, tiny", 9090, 9090);
        return $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: dynamoworkermetadatas.nvidia.com}
        spec:
          group: nvidia.com
          scope: Namespaced
          names: {kind: DynamoWorkerMetadata, plural: dynamoworkermetadatas, shortNames: [dwm]}
          versions:
          - name: v1alpha1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true} } } }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: dynamo}
        rules:
        - {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list, watch]}
        - {apiGroups: [""], resources: [pods], verbs: [get, list, watch]}
        - {apiGroups: [nvidia.com], resources: [dynamoworkermetadatas], verbs: ["*"]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: dynamo}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: dynamo}
        subjects: [{kind: ServiceAccount, name: default, namespace: demo}]
        ---
        {{frontend}}
        ---
        {{worker}}
        """;
    }

    private static string Component(string name, string command, int port, int servicePort) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
          labels: {nvidia.com/dynamo-discovery-backend: kubernetes, nvidia.com/dynamo-discovery-enabled: "true"}
        spec: {selector: {app: {{name}} }, ports: [{name: http, port: {{servicePort}}, targetPort: {{port}} }]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{name}} }
        spec:
          replicas: 1
          selector: {matchLabels: {app: {{name}} } }
          template:
            metadata: {labels: {app: {{name}} } }
            spec:
              containers:
              - name: main
                image: dynamo
                imagePullPolicy: Never
                command: [python3, -m, {{command}}]
                env:
                - {name: DYN_DISCOVERY_BACKEND, value: kubernetes}
                - {name: DYN_REQUEST_PLANE, value: tcp}
                - {name: DYN_EVENT_PLANE, value: zmq}
                - {name: DYN_NAMESPACE, value: demo}
                - {name: DYN_SYSTEM_PORT, value: "9090"}
                - {name: DYN_SYSTEM_USE_ENDPOINT_HEALTH_STATUS, value: '["generate"]'}
                - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }
                - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name} } }
                - {name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace} } }
                - {name: POD_UID, valueFrom: {fieldRef: {fieldPath: metadata.uid} } }
                - {name: DYN_HTTP_HOST, value: $(POD_IP)}
                - {name: DYN_SYSTEM_HOST, value: $(POD_IP)}
                - {name: DYN_TCP_RPC_HOST, value: $(POD_IP)}
                - {name: DYN_EVENT_PLANE_HOST, value: $(POD_IP)}
                - {name: DYN_TCP_RESPONSE_STREAM_HOST, value: $(POD_IP)}
                readinessProbe: {httpGet: {path: /health, port: {{port}} }, periodSeconds: 1, timeoutSeconds: 5}
        """;
}
