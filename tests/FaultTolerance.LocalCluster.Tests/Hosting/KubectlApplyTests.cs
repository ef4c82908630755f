using FaultTolerance.LocalCluster.Hosting;

namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>Server-side apply of definitions and of a graph, as the kubectl of the machine does it.</summary>
public sealed class KubectlApplyTests : IDisposable
{
    private const string Graph = """
        apiVersion: nvidia.com/v1alpha1
        kind: DynamoGraphDeployment
        metadata: {name: graph, annotations: {nvidia.com/enable-grove: "false"} }
        spec:
          envs: [{name: DYN_LOG, value: info}]
          services:
            Frontend: {componentType: frontend, replicas: 1, extraPodSpec: {mainContainer: {image: a} } }
            Worker: {componentType: worker, replicas: 1, extraPodSpec: {mainContainer: {image: a} } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("lc-apply-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Kubeconfig => Path.Combine(_folder, "config");

    [Fact]
    public async Task Kubectl_applies_definitions_and_a_graph_twice_with_a_conflict_and_is_warned_of_rules()
    {
        Assert.SkipWhen(TestProgram.Kubectl is null, "there is no kubectl on PATH");
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "stand-in", "crd.yaml"), Cancellation);
        var definitions = await WriteAsync("crd.yaml", text);
        var withRules = await WriteAsync("rules.yaml", text.Replace(
            "                services:\n",
            "                restart: {type: object, x-kubernetes-validations: [{rule: \"!has(self.id)\"}]}\n                services:\n",
            StringComparison.Ordinal));
        var graph = await WriteAsync("graph.yaml", Graph);
        var other = await WriteAsync("other.yaml", Graph.Replace("Worker: {componentType: worker, replicas: 1", "Worker: {componentType: worker, replicas: 3",
            StringComparison.Ordinal));
        var less = await WriteAsync("less.yaml", Graph.Replace("  envs: [{name: DYN_LOG, value: info}]\n", "", StringComparison.Ordinal));
        var options = ClusterOptions.Parse(["--data", Path.Combine(_folder, "data"), "--kubeconfig", Kubeconfig, "--namespace", "demo"]);
        await using var cluster = await LocalClusterHost.StartAsync(options, TimeProvider.System, Cancellation);

        for (var time = 0; time < 2; time++)
        {
            var (made, output, error) = await ApplyAsync(definitions);
            Assert.True(made == 0, error);
            Assert.Equal(
                "customresourcedefinition.apiextensions.k8s.io/dynamographdeployments.nvidia.com serverside-applied\n"
                + "customresourcedefinition.apiextensions.k8s.io/dynamoworkermetadatas.nvidia.com serverside-applied\n",
                output);
            Assert.DoesNotContain("Warning", error, StringComparison.Ordinal);
            (made, output, error) = await ApplyAsync(graph);
            Assert.True(made == 0, error);
            Assert.Equal("dynamographdeployment.nvidia.com/graph serverside-applied\n", output);
        }

        var (code, _, conflict) = await ApplyAsync(other, "--field-manager=other");
        Assert.Equal(1, code);
        Assert.Contains(
            "Apply failed with 1 conflict: conflict with \"kubectl\": .spec.services.Worker.replicas", conflict, StringComparison.Ordinal);
        Assert.Equal(0, (await ApplyAsync(other, "--field-manager=other", "--force-conflicts")).Code);
        Assert.Equal("3", await GetAsync("{.spec.services.Worker.replicas}"));

        // What is not sent any more goes only with its last owner; the image both have stays.
        Assert.Equal(0, (await ApplyAsync(less, "--force-conflicts")).Code);
        Assert.Equal("info 1", await GetAsync("{.spec.envs[0].value} {.spec.services.Worker.replicas}"));
        Assert.Equal(0, (await ApplyAsync(less, "--field-manager=other", "--force-conflicts")).Code);
        Assert.Equal("", await GetAsync("{.spec.envs}"));

        var (warned, _, warning) = await ApplyAsync(withRules, "--force-conflicts");
        Assert.Equal(0, warned);
        Assert.Contains("Warning: this cluster does not evaluate x-kubernetes-validations (CEL)", warning, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, text, Cancellation);
        return file;
    }

    private Task<(int Code, string Output, string Error)> ApplyAsync(string file, params string[] options) => TestProgram.RunAsync(
        TestProgram.Kubectl!, ["apply", "--server-side", .. options, "-f", file], ("KUBECONFIG", Kubeconfig), ("HOME", _folder));

    private async Task<string> GetAsync(string path)
    {
        var (code, output, error) = await TestProgram.RunAsync(
            TestProgram.Kubectl!, ["get", "dgd", "graph", "-o", $"jsonpath={path}"], ("KUBECONFIG", Kubeconfig), ("HOME", _folder));
        return code == 0 ? output : throw new InvalidOperationException(error);
    }
}
