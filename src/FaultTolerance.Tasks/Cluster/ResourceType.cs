namespace FaultTolerance.Cluster;

/// <summary>A namespaced resource type of the API.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">Version.</param>
/// <param name="Plural">Name in the URL.</param>
/// <param name="Kind">Kind.</param>
internal sealed record ResourceType(string Group, string Version, string Plural, string Kind)
{
    /// <summary>Pods.</summary>
    public static ResourceType Pods { get; } = new("", "v1", "pods", "Pod");

    /// <summary>Services.</summary>
    public static ResourceType Services { get; } = new("", "v1", "services", "Service");

    /// <summary>Core endpoints, which every version of Kubernetes serves.</summary>
    public static ResourceType Endpoints { get; } = new("", "v1", "endpoints", "Endpoints");

    /// <summary>Core events.</summary>
    public static ResourceType Events { get; } = new("", "v1", "events", "Event");

    /// <summary>Config maps.</summary>
    public static ResourceType ConfigMaps { get; } = new("", "v1", "configmaps", "ConfigMap");

    /// <summary>Claims of volumes.</summary>
    public static ResourceType Claims { get; } = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");

    /// <summary>Service accounts.</summary>
    public static ResourceType ServiceAccounts { get; } = new("", "v1", "serviceaccounts", "ServiceAccount");

    /// <summary>Roles of a namespace.</summary>
    public static ResourceType Roles { get; } = new("rbac.authorization.k8s.io", "v1", "roles", "Role");

    /// <summary>Role bindings of a namespace.</summary>
    public static ResourceType RoleBindings { get; } = new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding");

    /// <summary>Deployments.</summary>
    public static ResourceType Deployments { get; } = new("apps", "v1", "deployments", "Deployment");

    /// <summary>Replica sets.</summary>
    public static ResourceType ReplicaSets { get; } = new("apps", "v1", "replicasets", "ReplicaSet");

    /// <summary>Stateful sets.</summary>
    public static ResourceType StatefulSets { get; } = new("apps", "v1", "statefulsets", "StatefulSet");

    /// <summary>Nodes; they are the cluster's and in no namespace.</summary>
    public static ResourceType Nodes { get; } = new("", "v1", "nodes", "Node") { IsNamespaced = false };

    /// <summary>Network policies.</summary>
    public static ResourceType NetworkPolicies { get; } = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");

    /// <summary>Faults of the network that a cluster makes itself, as the local cluster does; others do not serve them.</summary>
    public static ResourceType NetworkFaults { get; } = new("faultmatrix.dev", "v1", "networkfaults", "NetworkFault");

    /// <summary>Jobs.</summary>
    public static ResourceType Jobs { get; } = new("batch", "v1", "jobs", "Job");

    /// <summary>Secrets.</summary>
    public static ResourceType Secrets { get; } = new("", "v1", "secrets", "Secret");

    /// <summary>Leases.</summary>
    public static ResourceType Leases { get; } = new("coordination.k8s.io", "v1", "leases", "Lease");

    /// <summary>Definitions of custom resources; they are the cluster's and in no namespace.</summary>
    public static ResourceType Definitions { get; } =
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition") { IsNamespaced = false };

    /// <summary>Dynamo's graphs, in the version given.</summary>
    public static ResourceType DynamoGraphDeployments(string version) =>
        new("nvidia.com", version, "dynamographdeployments", "DynamoGraphDeployment");

    /// <summary>Whether its objects lie in namespaces.</summary>
    public bool IsNamespaced { get; init; } = true;

    /// <summary><c>apps/v1</c>, or <c>v1</c> for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Name for messages: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string Display => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Path of the collection, or of one object, or of its subresource.</summary>
    public string Path(string @namespace, string? name = null, string? subresource = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        var path = IsNamespaced ? $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}" : $"{root}/{Plural}";
        if (name is null)
        {
            return path;
        }

        path = $"{path}/{Uri.EscapeDataString(name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}
