using FaultTolerance.LocalCluster.Hosting;

namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>A whole cluster, spoken to by whatever kubectl the machine has.</summary>
public sealed class KubectlTests : IDisposable
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 1
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: local/sh:1
                command: [/bin/sh, -c, 'echo hello; exec sleep 1000']
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("lc-kubectl-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Kubeconfig => Path.Combine(_folder, "config");

    [Fact]
    public async Task Kubectl_gets_applies_scales_waits_logs_patches_and_deletes()
    {
        var kubectl = TestProgram.Kubectl;
        Assert.SkipWhen(kubectl is null, "there is no kubectl on PATH");
        var image = Directory.CreateDirectory(Path.Combine(_folder, "image")).FullName;
        var manifest = Path.Combine(_folder, "web.yaml");
        await File.WriteAllTextAsync(manifest, Manifest, Cancellation);
        var options = ClusterOptions.Parse(
            ["--data", Path.Combine(_folder, "data"), "--kubeconfig", Kubeconfig, "--namespace", "demo", "--image", $"local/sh:1={image}"]);
        await using var cluster = await LocalClusterHost.StartAsync(options, TimeProvider.System, Cancellation);

        Assert.Contains("deployment.apps/web created", await RunAsync(kubectl!, "apply", "-f", manifest), StringComparison.Ordinal);
        await RunAsync(kubectl!, "wait", "--for=condition=Available", "deploy/web", "--timeout=60s");
        Assert.Contains("1/1", await RunAsync(kubectl!, "get", "deploy", "web", "--no-headers"), StringComparison.Ordinal);
        Assert.Contains("unchanged", await RunAsync(kubectl!, "apply", "-f", manifest), StringComparison.Ordinal);

        await RunAsync(kubectl!, "scale", "deploy/web", "--replicas=2");
        await RunAsync(kubectl!, "rollout", "status", "deploy/web", "--timeout=60s");
        var pods = (
            await RunAsync(kubectl!, "get", "pods", "-l", "app in (web)", "--field-selector", "status.phase=Running", "-o", "name")
        ).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, pods.Length);
        Assert.Contains("Successfully assigned", await RunAsync(kubectl!, "describe", pods[0]), StringComparison.Ordinal);
        Assert.Contains("hello", await RunAsync(kubectl!, "logs", "deploy/web"), StringComparison.Ordinal);

        await RunAsync(kubectl!, "patch", "deploy", "web", "-p", """{"metadata":{"labels":{"a":"b"}}}""");
        Assert.Equal("b", await RunAsync(kubectl!, "get", "deploy", "web", "-o", "jsonpath={.metadata.labels.a}"));
        await RunAsync(kubectl!, "delete", "-f", manifest, "--timeout=60s");
        await RunAsync(kubectl!, "wait", "--for=delete", "pod", "-l", "app=web", "--timeout=60s");
    }

    [Fact]
    public async Task Kubectl_applies_on_the_server_twice_with_a_conflict_and_a_change_of_its_way()
    {
        Assert.SkipWhen(TestProgram.Kubectl is null, "there is no kubectl on PATH");
        var kubectl = TestProgram.Kubectl!;
        var (one, two) = (Path.Combine(_folder, "one.yaml"), Path.Combine(_folder, "two.yaml"));
        var service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{name: http, port: 80}]}";
        var map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: '1'}";
        await File.WriteAllTextAsync(one, string.Join("\n---\n", Manifest, service, map), Cancellation);
        await File.WriteAllTextAsync(two,
            string.Join("\n---\n", Manifest.Replace("replicas: 1", "replicas: 0", StringComparison.Ordinal), service, map), Cancellation);
        var definitions = Path.Combine(Repository.Root, "deploy", "stand-in", "crd.yaml");
        var options = ClusterOptions.Parse(["--data", Path.Combine(_folder, "data"), "--kubeconfig", Kubeconfig, "--namespace", "demo"]);
        await using var cluster = await LocalClusterHost.StartAsync(options, TimeProvider.System, Cancellation);

        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(
                "deployment.apps/web serverside-applied\nservice/web serverside-applied\nconfigmap/web serverside-applied\n",
                await RunAsync(kubectl, "apply", "--server-side", "-f", one));
            await RunAsync(kubectl, "apply", "--server-side", "-f", definitions);
        }

        var (code, _, error) = await TestProgram.RunAsync(
            kubectl, ["apply", "--server-side", "--field-manager=other", "-f", two], ("KUBECONFIG", Kubeconfig), ("HOME", _folder));
        Assert.Equal(1, code);
        Assert.StartsWith(
            "Apply failed with 1 conflict: conflict with \"kubectl\": .spec.replicas",
            error.Replace("error: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await RunAsync(kubectl, "apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", two);
        Assert.Equal("0", await RunAsync(kubectl, "get", "deploy", "web", "-o", "jsonpath={.spec.replicas}"));
        await RunAsync(kubectl, "apply", "-f", two);
        await RunAsync(kubectl, "diff", "-f", two);
        Assert.Contains("kubectl", await RunAsync(kubectl, "get", "deploy", "web", "-o", "yaml", "--show-managed-fields"),
            StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output, error) = await TestProgram.RunAsync(program, arguments, ("KUBECONFIG", Kubeconfig), ("HOME", _folder));
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)}: {error}{output}");
        return output;
    }
}
