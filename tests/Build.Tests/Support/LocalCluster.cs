using System.Diagnostics;
using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FaultMatrix.Build.Tests.Support;

/// <summary>
/// A real local cluster with the stand-in's operator, for one class of tests; it ends with this object, or with this process.
/// </summary>
public sealed class LocalCluster : IAsyncLifetime
{
    public const string Namespace = "fault-matrix";

    /// <summary>Another one, in which a run may be at the same time.</summary>
    public const string Beside = "ft";

    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-cluster-").FullName;
    private Process? _process;

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public async ValueTask InitializeAsync()
    {
        static string Artifact(params string[] parts) => Path.Combine([Repository.Root, "artifacts", "bin", .. parts]);
        _process = Process.Start(
            new ProcessStartInfo(
                Artifact("FaultTolerance.LocalCluster", "release", "FaultTolerance.LocalCluster"),
                [
                    "--data",
                    Path.Combine(_folder, "data"),
                    "--kubeconfig",
                    Kubeconfig,
                    "--namespace",
                    Namespace,
                    "--namespace",
                    "dynamo",
                    "--namespace",
                    Beside,
                    "--until-stdin-closes",
                    "--image",
                    $"faultmatrix/stand-in:1={Artifact("FaultTolerance.StandIn", "release", "image")}",
                    "--manifest",
                    Path.Combine(Repository.Root, "deploy", "stand-in", "crd.yaml"),
                    "--manifest",
                    Path.Combine(Repository.Root, "deploy", "stand-in", "operator.yaml"),
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        var ready = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(ready);
        Assert.True(JsonDocument.Parse(ready).RootElement.GetProperty("ready").GetBoolean());
    }

    /// <summary>Names of graphs, and of pods that belong to one, as they stand in the API.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync(string ns = Namespace)
    {
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        var graphs = (JsonElement)await client.CustomObjects.ListNamespacedCustomObjectAsync(
            "nvidia.com", "v1alpha1", ns, "dynamographdeployments", cancellationToken: TestContext.Current.CancellationToken);
        var pods = await client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: TestContext.Current.CancellationToken);
        return
        [
            .. graphs.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("metadata").GetProperty("name").GetString()!),
            .. pods.Items.Select(p => p.Metadata.Name).Where(n => n.StartsWith("ft-", StringComparison.Ordinal)),
        ];
    }

    /// <summary>Who holds the namespace by a Lease; null for nobody.</summary>
    public async Task<string?> HolderAsync(string ns = Namespace)
    {
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        var leases = await client.CoordinationV1.ListNamespacedLeaseAsync(ns, cancellationToken: TestContext.Current.CancellationToken);
        return leases.Items.SingleOrDefault(l => l.Metadata.Name == "faultmatrix")?.Spec.HolderIdentity;
    }

    /// <summary>Has somebody else take the namespace from whoever holds it.</summary>
    public async Task TakeOverAsync(string who, string ns = Namespace)
    {
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        var patch = new V1Patch($$$"""{"spec":{"holderIdentity":"{{{who}}}"},"metadata":{"annotations":null}}""", V1Patch.PatchType.MergePatch);
        await client.CoordinationV1.PatchNamespacedLeaseAsync(
            patch, "faultmatrix", ns, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Removes the lease, whoever holds it.</summary>
    public async Task FreeAsync(string ns = Namespace)
    {
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        try
        {
            await client.CoordinationV1.DeleteNamespacedLeaseAsync(
                "faultmatrix", ns, cancellationToken: TestContext.Current.CancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // Gone already: what a test has found stands, and says why.
        }
    }

    /// <summary>Has its API stand still, or go on; its pods' processes go on in either case.</summary>
    public async Task FreezeAsync(bool still)
    {
        using var kill = Process.Start("kill", [still ? "-STOP" : "-CONT", $"{_process!.Id}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends it as a machine that loses power does.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
