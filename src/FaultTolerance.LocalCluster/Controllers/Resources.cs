using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>The resource types that the controllers and the kubelet deal with.</summary>
internal static class Resources
{
    public static readonly ResourceType Pods = ResourceType.Core("pods");
    public static readonly ResourceType Services = ResourceType.Core("services");
    public static readonly ResourceType Endpoints = ResourceType.Core("endpoints");
    public static readonly ResourceType EndpointSlices = new("discovery.k8s.io", "endpointslices");
    public static readonly ResourceType Deployments = new("apps", "deployments");
    public static readonly ResourceType ReplicaSets = new("apps", "replicasets");
    public static readonly ResourceType StatefulSets = new("apps", "statefulsets");
    public static readonly ResourceType DaemonSets = new("apps", "daemonsets");
    public static readonly ResourceType Jobs = new("batch", "jobs");
    public static readonly ResourceType PersistentVolumeClaims = ResourceType.Core("persistentvolumeclaims");
    public static readonly ResourceType Nodes = ResourceType.Core("nodes");
    public static readonly ResourceType Leases = new("coordination.k8s.io", "leases");
    public static readonly ResourceType Events = ResourceType.Core("events");
    public static readonly ResourceType Namespaces = ResourceType.Core("namespaces");
    public static readonly ResourceType ServiceAccounts = ResourceType.Core("serviceaccounts");
    public static readonly ResourceType ConfigMaps = ResourceType.Core("configmaps");
    public static readonly ResourceType Secrets = ResourceType.Core("secrets");
    public static readonly ResourceType NetworkPolicies = new("networking.k8s.io", "networkpolicies");

    /// <summary>This cluster's own: what is done to connections between pods for a while.</summary>
    public static readonly ResourceType NetworkFaults = new("faultmatrix.dev", "networkfaults");

    public static readonly ResourceType CustomResourceDefinitions = new("apiextensions.k8s.io", "customresourcedefinitions");

    /// <summary>The one node's name.</summary>
    public const string NodeName = "local";
}
