using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>The node that stands for this machine, and the lease that says it is alive.</summary>
internal static class NodeRegistration
{
    private static readonly TimeSpan RenewPeriod = TimeSpan.FromSeconds(10);

    /// <summary>Creates the node. Its 64 GPUs are a promise that nobody keeps: upstream's manifests ask for them.</summary>
    public static void Register(IObjectStore store, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var status = new JsonObject
        {
            ["capacity"] = Capacity(),
            ["allocatable"] = Capacity(),
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = "127.0.0.1" },
                new JsonObject { ["type"] = "Hostname", ["address"] = Resources.NodeName }),
            ["nodeInfo"] = new JsonObject
            {
                ["machineID"] = "",
                ["systemUUID"] = "",
                ["bootID"] = "",
                ["kernelVersion"] = Environment.OSVersion.Version.ToString(),
                ["osImage"] = RuntimeInformation.OSDescription,
                ["containerRuntimeVersion"] = "local://processes",
                ["kubeletVersion"] = "v1.32.0-local",
                ["kubeProxyVersion"] = "",
                ["operatingSystem"] = "linux",
                ["architecture"] = Architecture(),
            },
        };
        Conditions.Set(status, "Ready", true, "KubeletReady", "kubelet is posting ready status", now);
        store.Create(new ResourceId(Resources.Nodes, "", Resources.NodeName), new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Resources.NodeName,
                ["labels"] = new JsonObject
                {
                    ["kubernetes.io/hostname"] = Resources.NodeName, ["kubernetes.io/os"] = "linux", ["kubernetes.io/arch"] = Architecture(),
                },
            },
            ["spec"] = new JsonObject(),
            ["status"] = status,
        });
    }

    /// <summary>Keeps the lease fresh until cancelled.</summary>
    public static async Task RenewAsync(IObjectStore store, TimeProvider time, CancellationToken cancellation)
    {
        var id = new ResourceId(Resources.Leases, "kube-node-lease", Resources.NodeName);
        using var timer = new PeriodicTimer(RenewPeriod, time);
        do
        {
            var spec = new JsonObject
            {
                ["holderIdentity"] = Resources.NodeName, ["leaseDurationSeconds"] = 40, ["renewTime"] = Stamp.Now(time),
            };
            if (store.Get(id) is null)
            {
                store.Create(id, new JsonObject { ["spec"] = spec });
                continue;
            }

            try
            {
                store.Update(id, lease =>
                {
                    lease["spec"] = spec;
                    return lease;
                });
            }
            catch (StoreException e) when (e.Status == 404)
            {
                // Someone deleted it just now; the next renewal makes it anew.
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private static string Architecture() =>
        RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    private static JsonObject Capacity() => new()
    {
        ["cpu"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024}Ki"),
        ["pods"] = "500",
        ["nvidia.com/gpu"] = "64",
    };
}
