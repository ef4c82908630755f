using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>The rules an object must keep to be stored; all faults are told at once, as 422 Invalid.</summary>
internal static class Validation
{
    private const int MostAnnotations = 256 * 1024;

    /// <summary>Checks a new object, or (with <paramref name="old"/>) a changed one.</summary>
    public static void Check(Resource resource, JsonObject value, JsonObject? old)
    {
        var faults = new List<string>();
        CheckMetadata(resource, value, faults);
        if (resource.Definition is { } version)
        {
            faults.AddRange(SchemaValidation.Faults(version.Map("schema", "openAPIV3Schema"), value, ""));
        }
        else
        {
            switch (resource.Type.ToString())
            {
                case "pods":
                    PodValidation.CheckSpec(value.Map("spec"), "spec", faults);
                    if (old is not null)
                    {
                        PodValidation.CheckChange(old.Map("spec"), value.Map("spec"), faults);
                    }

                    break;
                case "deployments.apps" or "replicasets.apps" or "statefulsets.apps" or "daemonsets.apps":
                    WorkloadValidation.Check(value, old, hasReplicas: resource.Kind != "DaemonSet", faults);
                    break;
                case "jobs.batch":
                    WorkloadValidation.CheckJob(value, old, faults);
                    break;
                case "services":
                    CheckService(value, old, faults);
                    break;
                case "rolebindings.rbac.authorization.k8s.io" or "clusterrolebindings.rbac.authorization.k8s.io":
                    if (old is not null && !JsonNode.DeepEquals(old["roleRef"], value["roleRef"]))
                    {
                        faults.Add("roleRef: Invalid value: cannot change roleRef");
                    }

                    break;
                case "customresourcedefinitions.apiextensions.k8s.io":
                    DefinitionValidation.Check(value, faults);
                    break;
                default:
                    break;
            }
        }

        if (faults.Count > 0)
        {
            throw StoreErrors.Invalid(resource.QualifiedKind, value.Name(), faults);
        }
    }

    private static void CheckMetadata(Resource resource, JsonObject value, List<string> faults)
    {
        var name = value.Name();
        var fits =
            resource.Type.Group == "rbac.authorization.k8s.io"
                ? name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '%')
            : resource.Type.ToString() is "namespaces" or "services" ? LabelSyntax.IsDnsLabel(name)
            : LabelSyntax.IsSubdomain(name);
        if (!fits)
        {
            faults.Add(
                $"metadata.name: Invalid value: \"{name}\": a lowercase RFC 1123 name is needed (letters, digits, '-', and '.' where allowed)"
            );
        }

        foreach (var (key, label) in value.Map("metadata", "labels") ?? [])
        {
            if (!LabelSyntax.IsKey(key))
            {
                faults.Add($"metadata.labels: Invalid value: \"{key}\": not a label key");
            }

            if (label.Text() is not { } text || !LabelSyntax.IsValue(text))
            {
                faults.Add($"metadata.labels: Invalid value: {label?.ToJsonString() ?? "null"}: not a label value");
            }
        }

        foreach (var (key, annotation) in value.Map("metadata", "annotations") ?? [])
        {
            if (annotation.Text() is null)
            {
                faults.Add($"metadata.annotations: Invalid value: \"{key}\": its value must be a string");
            }
        }

        if (SizeOf(value.Map("metadata", "annotations")) > MostAnnotations)
        {
            faults.Add($"metadata.annotations: Too long: may not be more than {MostAnnotations} bytes");
        }

        foreach (var owner in value.Maps("metadata", "ownerReferences"))
        {
            if (((string[])["apiVersion", "kind", "name", "uid"]).Any(member => string.IsNullOrEmpty(owner.Text(member))))
            {
                faults.Add("metadata.ownerReferences: Invalid value: apiVersion, kind, name and uid must be given");
            }
        }
    }

    // A client-side apply keeps the whole object in one: it cannot hold a large definition, in Kubernetes neither.
    private static long SizeOf(JsonObject? annotations) =>
        (annotations ?? [])
            .Sum(entry => (long)Encoding.UTF8.GetByteCount(entry.Key) + Encoding.UTF8.GetByteCount(entry.Value.Text() ?? ""));

    private static void CheckService(JsonObject value, JsonObject? old, List<string> faults)
    {
        if (value.Text("spec", "type") is not ("ClusterIP" or "ExternalName"))
        {
            faults.Add(
                $"spec.type: Unsupported value: \"{value.Text("spec", "type")}\": this cluster serves \"ClusterIP\" and \"ExternalName\""
            );
        }

        if (
            value.Text("spec", "type") == "ClusterIP"
            && value.Text("spec", "clusterIP") != "None"
            && value.Items("spec", "ports") is not { Count: > 0 }
        )
        {
            faults.Add("spec.ports: Required value");
        }

        foreach (var port in value.Maps("spec", "ports"))
        {
            if (port.Number("port") is not (> 0 and < 65536))
            {
                faults.Add("spec.ports.port: Invalid value: must be between 1 and 65535, inclusive");
            }
        }

        if (old?.Text("spec", "clusterIP") is { } address && address != value.Text("spec", "clusterIP"))
        {
            faults.Add("spec.clusterIPs[0]: Invalid value: may not change once set");
        }
    }
}
