using System.Diagnostics;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Manifests;
using RealCluster.Support;

namespace RealCluster;

/// <summary>Whole runs with credentials, ways and rights as users have them.</summary>
[Collection(nameof(Alone))]
public sealed class AccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task FaultMatrix_with_the_least_role_measures_and_leaves_nothing()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);
        await space.ApplyAsync("rbac.yaml");
        var kubeconfig = await space.ServiceAccountKubeconfigAsync();

        var (code, output) = await BuildScript.RunAsync([
            "FaultMatrix",
            "--kubeconfig",
            kubeconfig,
            "--namespace",
            space.Name,
            "--scenario",
            "agg-tp-1-dp-1-decode_worker",
        ]);

        Assert.True(code == 0, output);
        await space.AssertNothingLeftAsync();
    }

    [RealClusterFact]
    public async Task FaultMatrix_with_several_kubeconfigs_a_context_and_a_proxy_of_the_environment_measures()
    {
        await using var space = await TestNamespace.CreateAsync();
        await using var proxy = ConnectProxy.Start();
        var folder = Directory.CreateTempSubdirectory("faultmatrix-");
        try
        {
            // Contexts in one file, clusters and users in another; the current context is one that leads nowhere.
            var first = Path.Combine(folder.FullName, "contexts");
            await File.WriteAllTextAsync(first, $$$"""
                current-context: elsewhere
                contexts:
                  - {name: elsewhere, context: {cluster: none, user: none}}
                  - {name: wanted, context: {cluster: kubernetes, user: admin, namespace: {{{space.Name}}}}}
                """, Cancellation);
            var admin = Read(RealClusterFactAttribute.Kubeconfig!);
            var second = Path.Combine(folder.FullName, "clusters");
            admin["clusters"]![0]!["name"] = "kubernetes";
            admin["users"]![0]!["name"] = "admin";
            await File.WriteAllTextAsync(second, admin.ToJsonString(), Cancellation);
            var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["KUBECONFIG"] = $"{first}:{second}",
                ["HTTPS_PROXY"] = proxy.Address.ToString(),
                ["NO_PROXY"] = null,
                ["no_proxy"] = null,
            };

            var (code, output) = await BuildScript.RunAsync(
                ["FaultMatrix", "--scenario", "plain-agg-decode_worker_pod", "--context", "wanted"],
                environment
            );

            Assert.True(code == 0, output);
            Assert.True(proxy.Passed > 10, $"{proxy.Passed} tunnels");
            await space.AssertNothingLeftAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [RealClusterFact]
    public async Task FaultMatrix_with_the_service_account_of_a_pod_measures_at_the_pods_addresses()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);
        await space.ApplyAsync("rbac.yaml");
        var config = Read(await space.ServiceAccountKubeconfigAsync());
        var folder = Directory.CreateTempSubdirectory("faultmatrix-");
        try
        {
            // What the kubelet mounts, in a mount namespace of the run's own; the rest is the node's.
            var authority = config["clusters"]![0]!["cluster"]!["certificate-authority-data"]!.GetValue<string>();
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "ca.crt"), Convert.FromBase64String(authority), Cancellation);
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "token"),
                config["users"]![0]!["user"]!["token"]!.GetValue<string>(),
                Cancellation
            );
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "namespace"), space.Name, Cancellation);
            var server = new Uri(config["clusters"]![0]!["cluster"]!["server"]!.GetValue<string>());
            var start = new ProcessStartInfo(
                "unshare",
                [
                    "--mount",
                    "sh",
                    "-c",
                    """
                    mount -t tmpfs none /run && mkdir -p /var/run/secrets/kubernetes.io && cp -r "$1" /var/run/secrets/kubernetes.io/serviceaccount && shift && exec "$@"
                    """,
                    "sh",
                    folder.FullName,
                    Path.Combine(Repository.Root, "build.sh"),
                    "FaultMatrix",
                    "--namespace",
                    space.Name,
                    "--scenario",
                    "agg-tp-1-dp-1-frontend",
                    "--transport",
                    "service",
                    "--cluster-name",
                    "e2e-of-nobody",
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                WorkingDirectory = Repository.Root,
                Environment =
                {
                    ["KUBERNETES_SERVICE_HOST"] = server.Host,
                    ["KUBERNETES_SERVICE_PORT"] = $"{server.Port}",
                    ["KUBECONFIG"] = null,
                    ["NO_COLOR"] = "1",
                },
            };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);

            Assert.True(process.ExitCode == 0, output);
            Assert.Contains("the one this process runs in", output, StringComparison.Ordinal);
            await space.AssertNothingLeftAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonObject Read(string kubeconfig) => Manifest.Parse(kubeconfig, File.ReadAllText(kubeconfig)).Documents.Single().Body;
}
