using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>
/// kubectl on a cluster of ClusterUp, over the stand-in graph: the newest there is on PATH, and Debian's 1.20 where it is named.
/// </summary>
public sealed class KubectlTests(ClusterOfTest cluster) : IClassFixture<ClusterOfTest>
{
    private const string Worker = "nvidia.com/dynamo-component-type=worker";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kubectl_of_path_drives_the_stand_in_graph()
    {
        Assert.SkipWhen(Kubectl.OnPath is null, "there is no kubectl on PATH");
        var kubectl = new Kubectl(Kubectl.OnPath!, cluster.Kubeconfig);
        await DriveAsync(kubectl, "kubectl");
    }

    [Fact]
    public async Task Kubectl_1_20_drives_the_stand_in_graph()
    {
        Assert.SkipWhen(Kubectl.Version120 is null, "FAULTMATRIX_KUBECTL_120 names no kubectl of 1.20");
        var kubectl = new Kubectl(Kubectl.Version120!, cluster.Kubeconfig);
        Assert.Contains("v1.20.", await kubectl.RunAsync("version", "--client", "--short"), StringComparison.Ordinal);
        await DriveAsync(kubectl, "kubectl-old");
    }

    [Fact]
    public async Task Exec_gives_output_and_exit_code_from_1_30_on()
    {
        Assert.SkipWhen(Kubectl.OnPath is null, "there is no kubectl on PATH");
        var kubectl = new Kubectl(Kubectl.OnPath!, cluster.Kubeconfig);
        var minor = Regex.Match(
            await kubectl.RunAsync("version", "--client"),
            @"v1\.(?<minor>\d+)\.",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
        Assert.SkipUnless(
            minor.Success && int.Parse(minor.Groups["minor"].Value, CultureInfo.InvariantCulture) >= 30,
            "kubectl speaks WebSocket from 1.30 on"
        );
        using var temp = new TempFolder();
        await kubectl.RunAsync("apply", "-f", Graph(temp, "kubectl-exec"));
        await kubectl.RunAsync("wait", "--for=condition=Ready", "dgd/kubectl-exec", "--timeout=120s");
        var pod = await PodAsync(kubectl, "kubectl-exec");

        var (code, output, errors) = await kubectl.TryAsync("exec", pod, "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        Assert.Equal((7, "out\n"), (code, output));
        Assert.Contains("err\n", errors, StringComparison.Ordinal);
        Assert.Contains(
            "python3 -m dynamo.vllm",
            await kubectl.RunAsync("exec", pod, "--", "sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline"),
            StringComparison.Ordinal
        );
        await kubectl.RunAsync("delete", "dgd", "kubectl-exec", "--timeout=120s");
    }

    private static string Graph(TempFolder temp, string name) => temp.Write($"{name}.yaml", $$$"""
        apiVersion: nvidia.com/v1alpha1
        kind: DynamoGraphDeployment
        metadata: {name: "{{{name}}}"}
        spec:
          envs:
          - {name: STANDIN_ENGINE_START_SECONDS, value: "0.5"}
          - {name: STANDIN_FRONTEND_START_SECONDS, value: "0.1"}
          services:
            Frontend:
              componentType: frontend
              replicas: 1
              extraPodSpec:
                mainContainer:
                  image: faultmatrix/stand-in:1
                  readinessProbe: {httpGet: {path: /health, port: 8000}, periodSeconds: 1, timeoutSeconds: 5}
            VllmDecodeWorker:
              componentType: worker
              replicas: 1
              extraPodSpec:
                mainContainer:
                  image: faultmatrix/stand-in:1
                  command: [python3, -m, dynamo.vllm]
                  args: [--model, Qwen/Qwen3-0.6B]
                  readinessProbe: {httpGet: {path: /health, port: 9090}, periodSeconds: 1, timeoutSeconds: 5}
                  startupProbe: {httpGet: {path: /live, port: 9090}, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 120}
        """);

    // Says a line every tenth of a second, so that a follower has something to follow.
    private static string Plain(TempFolder temp, string name) => temp.Write("plain.yaml", $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "{{{name}}}"}
        spec:
          replicas: 1
          selector: {matchLabels: {app: "{{{name}}}"}}
          template:
            metadata: {labels: {app: "{{{name}}}"}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: faultmatrix/stand-in:1
                command: [sh, -c, 'i=0; while :; do i=$((i+1)); echo "line $i"; sleep 0.1; done']
        """);

    private static async Task<string> PodAsync(Kubectl kubectl, string graph) =>
        (
            await kubectl.RunAsync(
                "get",
                "pods",
                "-l",
                $"{Worker},nvidia.com/dynamo-graph-deployment-name={graph}",
                "-o",
                "jsonpath={.items[0].metadata.name}"
            )
        ).Trim();

    // What old ones look up in OpenAPI first, of built-in and of custom kinds.
    private static async Task DryRunAsync(Kubectl kubectl, TempFolder temp, string name)
    {
        foreach (var manifest in new[] { temp[$"{name}.yaml"], Plain(temp, $"{name}-dry") })
        {
            var changed = temp.Write("changed.yaml", (await File.ReadAllTextAsync(manifest, Cancellation)).Replace("replicas: 1", "replicas: 2", StringComparison.Ordinal));
            Assert.Contains("(server dry run)", await kubectl.RunAsync("apply", "--dry-run=server", "-f", changed), StringComparison.Ordinal);
            var (code, output, errors) = await kubectl.TryAsync("diff", "-f", changed);
            Assert.True(code == 1, errors);
            Assert.Contains("replicas: 2", output, StringComparison.Ordinal);
        }

        Assert.Equal("", (await kubectl.RunAsync("get", "deployments", $"{name}-dry", "--ignore-not-found", "-o", "name")).Trim());
    }

    private static async Task DriveAsync(Kubectl kubectl, string name)
    {
        using var temp = new TempFolder();
        var manifest = Graph(temp, name);
        Assert.Contains($"{name} created", await kubectl.RunAsync("apply", "-f", manifest), StringComparison.Ordinal);
        await kubectl.RunAsync("wait", "--for=condition=Ready", $"dgd/{name}", "--timeout=120s");
        await DryRunAsync(kubectl, temp, name);
        Assert.Contains($"{name} unchanged", await kubectl.RunAsync("apply", "-f", manifest), StringComparison.Ordinal);
        var pod = await PodAsync(kubectl, name);

        await ReadsAsync(kubectl, name, pod);
        await RestartAsync(kubectl, pod);
        await PatchAndScaleAsync(kubectl, temp, name);
        await TypedClientsAsync(kubectl, temp, name, pod);

        var (code, _, errors) = await kubectl.TryAsync("port-forward", pod, ":9090");
        Assert.NotEqual(0, code);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        Assert.Contains("deleted", await kubectl.RunAsync("delete", "dgd", name, "--timeout=120s"), StringComparison.Ordinal);
        var left = "";
        await Eventually.TrueAsync(
            async () =>
                (left = await kubectl.RunAsync("get", "pods", "-l", $"nvidia.com/dynamo-graph-deployment-name={name}", "-o", "yaml"))
                    .Contains("items: []", StringComparison.Ordinal),
            () => $"the graph's pods outlive it: {left}"
        );
    }

    private static async Task ReadsAsync(Kubectl kubectl, string name, string pod)
    {
        Assert.Matches($@"{name}\s+True\s+successful", await kubectl.RunAsync("get", "dgd", name));
        Assert.Contains("kind: DynamoGraphDeployment", await kubectl.RunAsync("get", "dgd", name, "-o", "yaml"), StringComparison.Ordinal);
        var workers = await kubectl.RunAsync("get", "pods", "-l", Worker, "--field-selector", "status.phase=Running", "-o", "name");
        Assert.Contains($"pod/{pod}", workers, StringComparison.Ordinal);
        Assert.DoesNotContain("frontend", workers, StringComparison.Ordinal);
        Assert.Empty(await kubectl.RunAsync("get", "pods", "-l", Worker, "--field-selector", "status.phase=Failed", "-o", "name"));
        var described = await kubectl.RunAsync("describe", "pod", pod);
        Assert.Contains("faultmatrix/stand-in:1", described, StringComparison.Ordinal);
        Assert.Contains("Successfully assigned", described, StringComparison.Ordinal);
        Assert.Contains(
            "VllmDecodeWorker",
            (await kubectl.RunAsync("describe", "dgd", name)).Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    private static async Task RestartAsync(Kubectl kubectl, string pod)
    {
        Assert.NotEmpty(await kubectl.RunAsync("logs", pod));
        var restarts = int.Parse(
            await kubectl.RunAsync("get", "pod", pod, "-o", "jsonpath={.status.containerStatuses[0].restartCount}"),
            CultureInfo.InvariantCulture
        );
        await kubectl.UntilLineAsync(
            l => Regex.IsMatch(l, $@"^{pod}\s+1/1\s+Running\s+{restarts + 1}\b", RegexOptions.None, TimeSpan.FromSeconds(1)),
            () => Task.Run(() => KillWorker(pod), Cancellation),
            "get", "pods", pod, "-w");
        Assert.Contains(pod, await kubectl.RunAsync("logs", pod, "--previous"), StringComparison.Ordinal);
    }

    private static async Task PatchAndScaleAsync(Kubectl kubectl, TempFolder temp, string name)
    {
        await kubectl.RunAsync("patch", "dgd", name, "--type", "merge", "-p", """{"metadata":{"labels":{"patched":"yes"}}}""");
        Assert.Equal("yes", await kubectl.RunAsync("get", "dgd", name, "-o", "jsonpath={.metadata.labels.patched}"));
        await kubectl.RunAsync("patch", "dgd", name, "--type", "json", "-p", """[{"op":"remove","path":"/metadata/labels/patched"}]""");

        // The operator takes back what others do to its Deployments; scaling is shown on one that it does not own.
        var plain = Plain(temp, $"{name}-plain");
        await kubectl.RunAsync("apply", "-f", plain);
        await kubectl.RunAsync("rollout", "status", "deploy", $"{name}-plain", "--timeout=60s");
        await kubectl.UntilLineAsync(l => l == "line 30", () => Task.CompletedTask, "logs", "-f", $"deploy/{name}-plain");
        await kubectl.RunAsync("scale", "deploy", $"{name}-plain", "--replicas=2");
        await kubectl.RunAsync("rollout", "status", "deploy", $"{name}-plain", "--timeout=60s");
        await kubectl.RunAsync("patch", "deploy", $"{name}-plain", "-p", """{"metadata":{"annotations":{"a":"b"}}}""");
        Assert.Equal(
            "2 b",
            await kubectl.RunAsync("get", "deploy", $"{name}-plain", "-o", "jsonpath={.status.readyReplicas} {.metadata.annotations.a}")
        );
        await kubectl.RunAsync("delete", "-f", plain, "--timeout=60s");
    }

    // What kubectl sends with its typed clients: as protobuf from 1.32 on.
    private static async Task TypedClientsAsync(Kubectl kubectl, TempFolder temp, string name, string pod)
    {
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "create", "pods"));
        Assert.StartsWith(
            "no",
            (await kubectl.TryAsync("auth", "can-i", "delete", "pods", "--as", "jane")).Output,
            StringComparison.Ordinal
        );
        await kubectl.RunAsync("create", "configmap", $"{name}-map", "--from-literal=a=b");
        Assert.Equal("b", await kubectl.RunAsync("get", "configmap", $"{name}-map", "-o", "jsonpath={.data.a}"));
        await kubectl.RunAsync("create", "deployment", $"{name}-made", "--image=faultmatrix/stand-in:1", "--replicas=0");
        Assert.Equal("0", await kubectl.RunAsync("get", "deploy", $"{name}-made", "-o", "jsonpath={.spec.replicas}"));
        await kubectl.RunAsync("delete", $"deploy/{name}-made", $"configmap/{name}-map");

        await kubectl.RunAsync("label", "pod", pod, "seen=yes");
        Assert.Contains($"pod/{pod}", await kubectl.RunAsync("get", "pods", "-l", "seen=yes", "-o", "name"), StringComparison.Ordinal);
        Assert.StartsWith("LAST SEEN", await kubectl.RunAsync("get", "events"), StringComparison.Ordinal);

        var broken = temp.Write("broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: broken}\nspec: {containers: [{name: a}]}\n");
        var (code, _, errors) = await kubectl.TryAsync("apply", "-f", broken);
        Assert.NotEqual(0, code);
        Assert.Contains("spec.containers[0].image: Required value", errors, StringComparison.Ordinal);
    }

    // From outside its PID namespace, where SIGKILL works on its PID 1; kubectl before 1.30 cannot exec here.
    private static void KillWorker(string pod)
    {
        var id = Assert
            .Single(ProcessTree.WithEnvironment($"POD_NAME={pod}"), p =>
                p.CommandLine.StartsWith("python3 -m dynamo.vllm", StringComparison.Ordinal)
            )
            .Id;
        using var process = Process.GetProcessById(id);
        process.Kill();
    }
}
