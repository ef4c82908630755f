using FaultTolerance.LocalCluster.Hosting;

namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>Upstream's definitions as they are, given to the cluster by the kubectl of the machine.</summary>
public sealed class UpstreamDefinitionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lc-upstream-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Kubeconfig => Path.Combine(_folder, "config");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kubectl_create_and_server_side_apply_take_it_with_a_warning_and_a_client_side_apply_is_refused_as_by_Kubernetes()
    {
        Assert.SkipWhen(TestProgram.Kubectl is null, "there is no kubectl on PATH");
        var definition = await WriteAsync("crd.json", UpstreamDefinition.Text());
        Assert.InRange(new FileInfo(definition).Length, UpstreamDefinition.Length, UpstreamDefinition.Length * 1.1);
        var options = ClusterOptions.Parse(["--data", Path.Combine(_folder, "data"), "--kubeconfig", Kubeconfig, "--namespace", "demo"]);
        await using var cluster = await LocalClusterHost.StartAsync(options, TimeProvider.System, Cancellation);

        var (code, _, refused) = await KubectlAsync("apply", "-f", definition);
        Assert.True(code == 1 && refused.Contains("metadata.annotations: Too long: may not be more than 262144 bytes", StringComparison.Ordinal), refused);
        (code, _, var error) = await KubectlAsync("create", "-f", definition);
        Assert.True(code == 0, error);
        Assert.Contains("Warning: this cluster does not evaluate x-kubernetes-validations (CEL)", error, StringComparison.Ordinal);
        for (var time = 0; time < 2; time++)
        {
            (code, var output, error) = await KubectlAsync("apply", "--server-side", "-f", definition);
            Assert.True(code == 0, error);
            Assert.Equal("customresourcedefinition.apiextensions.k8s.io/dynamographdeployments.nvidia.com serverside-applied\n", output);
        }

        await GraphsAsync();
    }

    // The stored version serves without the webhook; the other one, which kubectl prefers, asks it, and says that it is not there.
    private async Task GraphsAsync()
    {
        var old = await WriteAsync("old.yaml", """
            apiVersion: nvidia.com/v1alpha1
            kind: DynamoGraphDeployment
            metadata: {name: graph}
            spec: {backendFramework: vllm, services: {Frontend: {name: Frontend, replicas: 1, podTemplate: {field0: {divisor: 1Gi}}}}}
            """);
        var wrong = await WriteAsync("wrong.yaml", """
            apiVersion: nvidia.com/v1alpha1
            kind: DynamoGraphDeployment
            metadata: {name: wrong}
            spec: {backendFramework: lama, services: {Frontend: {replicas: -1}}}
            """);

        var (code, _, error) = await KubectlAsync("create", "-f", old);
        Assert.True(code == 0, error);
        Assert.Contains($"Warning: {UpstreamDefinition.Deprecated}", error, StringComparison.Ordinal);
        (code, var output, error) = await KubectlAsync("get", "dynamographdeployments.v1alpha1.nvidia.com", "graph");
        Assert.True(code == 0, error);
        Assert.Matches(@"NAME\s+READY\s+BACKEND\s+AGE\ngraph\s+vllm\s+", output);
        (code, _, error) = await KubectlAsync("get", "dgd", "graph");
        Assert.Equal(1, code);
        Assert.Contains("https://dynamo-operator-webhook-service.dynamo-system.svc:443/convert", error.Replace(".svc/", ".svc:443/", StringComparison.Ordinal),
            StringComparison.Ordinal);
        (code, _, error) = await KubectlAsync("create", "-f", wrong);
        Assert.Equal(1, code);
        foreach (var fault in (string[])["spec.backendFramework: Unsupported value", "spec.services.Frontend.name: Required value",
            "spec.services.Frontend.replicas"])
        {
            Assert.Contains(fault, error, StringComparison.Ordinal);
        }
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, text, Cancellation);
        return file;
    }

    private Task<(int Code, string Output, string Error)> KubectlAsync(params string[] words) => TestProgram.RunAsync(
        TestProgram.Kubectl!, ["-n", "demo", .. words], ("KUBECONFIG", Kubeconfig), ("HOME", _folder));
}
