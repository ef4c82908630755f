using System.Diagnostics;
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
        var kubectl = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);
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
        var pods = (await RunAsync(kubectl!, "get", "pods", "-l", "app in (web)", "--field-selector", "status.phase=Running", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, pods.Length);
        Assert.Contains("Successfully assigned", await RunAsync(kubectl!, "describe", pods[0]), StringComparison.Ordinal);
        Assert.Contains("hello", await RunAsync(kubectl!, "logs", "deploy/web"), StringComparison.Ordinal);

        await RunAsync(kubectl!, "patch", "deploy", "web", "-p", """{"metadata":{"labels":{"a":"b"}}}""");
        Assert.Equal("b", await RunAsync(kubectl!, "get", "deploy", "web", "-o", "jsonpath={.metadata.labels.a}"));
        await RunAsync(kubectl!, "delete", "-f", manifest, "--timeout=60s");
        await RunAsync(kubectl!, "wait", "--for=delete", "pod", "-l", "app=web", "--timeout=60s");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = Kubeconfig;
        start.Environment["HOME"] = _folder;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {await errors}");
        return await output;
    }
}
