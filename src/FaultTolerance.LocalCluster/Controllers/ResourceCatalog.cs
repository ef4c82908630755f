using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Every type that objects can have: the built-in ones and those of custom resource definitions.</summary>
internal static class ResourceCatalog
{
    private static readonly (ResourceType Type, string Kind)[] BuiltIn =
    [
        (Resources.Deployments, "Deployment"), (Resources.StatefulSets, "StatefulSet"), (Resources.DaemonSets, "DaemonSet"),
        (Resources.Jobs, "Job"),
        (Resources.ReplicaSets, "ReplicaSet"), (Resources.Pods, "Pod"),
        (Resources.Services, "Service"), (Resources.Endpoints, "Endpoints"), (Resources.EndpointSlices, "EndpointSlice"),
        (Resources.ConfigMaps, "ConfigMap"), (Resources.Secrets, "Secret"), (Resources.ServiceAccounts, "ServiceAccount"),
        (Resources.PersistentVolumeClaims, "PersistentVolumeClaim"),
        (new ResourceType("rbac.authorization.k8s.io", "roles"), "Role"),
        (new ResourceType("rbac.authorization.k8s.io", "rolebindings"), "RoleBinding"),
        (Resources.NetworkPolicies, "NetworkPolicy"), (Resources.Leases, "Lease"), (Resources.Events, "Event"),
    ];

    /// <summary>The namespaced types with their kinds, workloads first.</summary>
    public static IReadOnlyList<(ResourceType Type, string Kind)> Namespaced(IObjectStore store) =>
        [
            .. store
                .List(Resources.CustomResourceDefinitions, null)
                .Items.Where(d => d.Text("spec", "scope") != "Cluster")
                .Select(d =>
                    (
                        new ResourceType(d.Text("spec", "group") ?? "", d.Text("spec", "names", "plural") ?? ""),
                        d.Text("spec", "names", "kind") ?? ""
                    )
                ),
            .. BuiltIn,
        ];
}
