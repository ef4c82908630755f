using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Resources;

/// <summary>The resources that are served without a definition. What is not here is answered 404, as by a cluster without it.</summary>
internal static class BuiltInResources
{
    /// <summary>customresourcedefinitions.apiextensions.k8s.io.</summary>
    public static ResourceType Definitions { get; } = new("apiextensions.k8s.io", "customresourcedefinitions");

    /// <summary>Every one of them.</summary>
    public static IReadOnlyList<Resource> All { get; } =
    [
        Core("configmaps", "ConfigMap", "configmap", true) with
        {
            ShortNames = ["cm"],
        },
        Core("endpoints", "Endpoints", "endpoints", true) with
        {
            ShortNames = ["ep"],
            ListKind = "EndpointsList",
        },
        Core("events", "Event", "event", true) with
        {
            ShortNames = ["ev"],
        },
        Core("namespaces", "Namespace", "namespace", false) with
        {
            ShortNames = ["ns"],
            Subresources = ["finalize", "status"],
        },
        Core("nodes", "Node", "node", false) with
        {
            ShortNames = ["no"],
            Subresources = ["status"],
        },
        Core("persistentvolumeclaims", "PersistentVolumeClaim", "persistentvolumeclaim", true) with
        {
            ShortNames = ["pvc"],
            Subresources = ["status"],
        },
        Core("pods", "Pod", "pod", true) with
        {
            ShortNames = ["po"], Categories = ["all"], Subresources = ["attach", "eviction", "exec", "log", "portforward", "status"],
        },
        Core("secrets", "Secret", "secret", true),
        Core("serviceaccounts", "ServiceAccount", "serviceaccount", true) with { ShortNames = ["sa"], Subresources = ["token"] },
        Core("services", "Service", "service", true) with { ShortNames = ["svc"], Categories = ["all"], Subresources = ["status"] },
        Of("apps", "deployments", "Deployment", "deployment", true) with
        {
            ShortNames = ["deploy"], Categories = ["all"], Subresources = ["scale", "status"],
        },
        Of("apps", "replicasets", "ReplicaSet", "replicaset", true) with
        {
            ShortNames = ["rs"], Categories = ["all"], Subresources = ["scale", "status"],
        },
        Of("apps", "statefulsets", "StatefulSet", "statefulset", true) with
        {
            ShortNames = ["sts"], Categories = ["all"], Subresources = ["scale", "status"],
        },
        Of("apps", "daemonsets", "DaemonSet", "daemonset", true) with { ShortNames = ["ds"], Categories = ["all"],
            Subresources = ["status"] },
        Of("batch", "jobs", "Job", "job", true) with { Categories = ["all"], Subresources = ["status"] },
        new(Definitions, "v1", "CustomResourceDefinition", "customresourcedefinition", false)
        {
            ShortNames = ["crd", "crds"], Categories = ["api-extensions"], Subresources = ["status"],
        },
        Of("coordination.k8s.io", "leases", "Lease", "lease", true),
        Of("discovery.k8s.io", "endpointslices", "EndpointSlice", "endpointslice", true),
        Of("networking.k8s.io", "networkpolicies", "NetworkPolicy", "networkpolicy", true) with { ShortNames = ["netpol"] },
        Of("rbac.authorization.k8s.io", "clusterrolebindings", "ClusterRoleBinding", "clusterrolebinding", false),
        Of("rbac.authorization.k8s.io", "clusterroles", "ClusterRole", "clusterrole", false),
        Of("rbac.authorization.k8s.io", "rolebindings", "RoleBinding", "rolebinding", true),
        Of("rbac.authorization.k8s.io", "roles", "Role", "role", true),
    ];

    /// <summary>Resources that are only asked of, never stored: posted, answered, forgotten. Plural, kind, group.</summary>
    public static IReadOnlyList<(string Group, string Plural, string Kind, bool Namespaced)> Reviews { get; } =
    [
        ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", false),
        ("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
        ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", false),
    ];

    private static Resource Core(string plural, string kind, string singular, bool namespaced) =>
        Of("", plural, kind, singular, namespaced);

    private static Resource Of(string group, string plural, string kind, string singular, bool namespaced) =>
        new(new(group, plural), "v1", kind, singular, namespaced);
}
