using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>What the API server fills in before it stores an object.</summary>
/// <param name="store">Asked for the cluster addresses that are taken.</param>
/// <param name="serviceAddresses">The addresses that Services can have.</param>
/// <param name="time">Stamps the conditions of definitions.</param>
internal sealed class Defaults(MemoryStore store, Func<IEnumerable<string>> serviceAddresses, TimeProvider time)
{
    /// <summary>Fills in; the object is changed.</summary>
    public void Apply(Resource resource, JsonObject value)
    {
        if (resource.Definition is { } version)
        {
            SchemaDefaults.Apply(version.Map("schema", "openAPIV3Schema"), value);
            return;
        }

        switch (resource.Type.ToString())
        {
            case "pods":
                PodDefaults.Apply(value);
                break;
            case "services":
                ApplyService(value);
                break;
            case "deployments.apps":
                ApplyDeployment(value);
                break;
            case "replicasets.apps":
                value.Ensure("spec").Default("replicas", 1);
                PodDefaults.ApplyTemplate(value.Ensure("spec").Ensure("template"));
                break;
            case "statefulsets.apps":
                ApplyStatefulSet(value.Ensure("spec"));
                break;
            case "daemonsets.apps":
                ApplyDaemonSet(value.Ensure("spec"));
                break;
            case "jobs.batch":
                ApplyJob(value.Ensure("spec"));
                break;
            case "namespaces":
                value.Metadata().Ensure("labels")["kubernetes.io/metadata.name"] = value.Name();
                value.Ensure("status").Default("phase", "Active");
                break;
            case "secrets":
                ApplySecret(value);
                break;
            case "persistentvolumeclaims":
                ApplyClaim(value);
                break;
            case "rolebindings.rbac.authorization.k8s.io" or "clusterrolebindings.rbac.authorization.k8s.io":
                foreach (var subject in value.Maps("subjects"))
                {
                    subject.Default("apiGroup", subject.Text("kind") == "ServiceAccount" ? "" : "rbac.authorization.k8s.io");
                }

                value.Map("roleRef")?.Default("apiGroup", "rbac.authorization.k8s.io");
                break;
            case "customresourcedefinitions.apiextensions.k8s.io":
                CustomResourceDefaults.Apply(value, time.GetUtcNow());
                break;
            default:
                break;
        }
    }

    private static void ApplyDeployment(JsonObject deployment)
    {
        var spec = deployment.Ensure("spec");
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
        var strategy = spec.Ensure("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.Default("maxUnavailable", "25%");
            rolling.Default("maxSurge", "25%");
        }

        PodDefaults.ApplyTemplate(spec.Ensure("template"));
    }

    /// <summary>A claim is bound at once: its volume is a folder of the cluster's, empty at first.</summary>
    public static void ApplyClaim(JsonObject claim)
    {
        var spec = claim.Ensure("spec");
        spec.Default("volumeMode", "Filesystem");
        var status = claim.Ensure("status");
        status.Default("phase", "Bound");
        if (spec["accessModes"] is { } modes)
        {
            status.Default("accessModes", modes.DeepClone());
        }

        if (spec.At("resources", "requests") is { } capacity)
        {
            status.Default("capacity", capacity.DeepClone());
        }
    }

    private static void ApplyStatefulSet(JsonObject spec)
    {
        spec.Default("replicas", 1);
        spec.Default("podManagementPolicy", "OrderedReady");
        spec.Default("revisionHistoryLimit", 10);
        var strategy = spec.Ensure("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("partition", 0);
        }

        PodDefaults.ApplyTemplate(spec.Ensure("template"));
    }

    private static void ApplyDaemonSet(JsonObject spec)
    {
        spec.Default("revisionHistoryLimit", 10);
        var strategy = spec.Ensure("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Ensure("rollingUpdate").Default("maxUnavailable", 1);
            strategy.Ensure("rollingUpdate").Default("maxSurge", 0);
        }

        PodDefaults.ApplyTemplate(spec.Ensure("template"));
    }

    // A job that says neither how many pods are to succeed nor how many may run at once is one pod.
    private static void ApplyJob(JsonObject spec)
    {
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1;
        }

        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", 6);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        PodDefaults.ApplyTemplate(spec.Ensure("template"));
    }

    private static void ApplySecret(JsonObject secret)
    {
        secret.Default("type", "Opaque");
        if (secret.Map("stringData") is { } plain)
        {
            var data = secret.Ensure("data");
            foreach (var (name, text) in plain)
            {
                data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Text() ?? ""));
            }

            secret.Remove("stringData");
        }
    }

    private void ApplyService(JsonObject service)
    {
        var spec = service.Ensure("spec");
        spec.Default("type", "ClusterIP");
        spec.Default("sessionAffinity", "None");
        foreach (var port in spec.Maps("ports"))
        {
            port.Default("protocol", "TCP");
            if (port["port"] is { } number)
            {
                port.Default("targetPort", number.DeepClone());
            }
        }

        if (spec.Text("type") == "ExternalName")
        {
            return;
        }

        spec.Default("internalTrafficPolicy", "Cluster");
        spec.Default("ipFamilies", new JsonArray("IPv4"));
        spec.Default("ipFamilyPolicy", "SingleStack");
        if (string.IsNullOrEmpty(spec.Text("clusterIP")))
        {
            spec["clusterIP"] = FreeAddress();
        }

        spec["clusterIPs"] = new JsonArray(spec.Text("clusterIP"));
    }

    private string FreeAddress()
    {
        var taken = store.List(ResourceType.Core("services"), @namespace: null).Items
            .Select(service => service.Text("spec", "clusterIP")).ToHashSet(StringComparer.Ordinal);
        return serviceAddresses().FirstOrDefault(address => !taken.Contains(address))
            ?? throw new StoreException(500, "InternalError", "failed to allocate a serviceIP: range is full");
    }
}
