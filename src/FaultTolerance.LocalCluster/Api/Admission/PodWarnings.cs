using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>
/// What of a pod is stored but has no effect here; told to who stores it, as Kubernetes does with <c>Warning</c> headers.
/// </summary>
internal static class PodWarnings
{
    /// <summary>The warnings for an object; none where it holds no pod.</summary>
    public static IEnumerable<string> Of(Resource resource, JsonObject value)
    {
        var path = resource.Type.ToString() switch
        {
            "pods" => "spec",
            "deployments.apps" or "replicasets.apps" or "statefulsets.apps" or "daemonsets.apps" or "jobs.batch" => "spec.template.spec",
            _ => null,
        };
        if (path is null || value.Map(path.Split('.')) is not { } spec)
        {
            yield break;
        }

        if (spec["activeDeadlineSeconds"] is not null)
        {
            yield return $"{path}.activeDeadlineSeconds: this cluster ends no pod for its age";
        }

        var contexts = spec.Maps("containers")
            .Concat(spec.Maps("initContainers"))
            .Append(spec)
            .Select(holder => holder.Map("securityContext"));
        if (
            contexts.Any(context =>
                context?.ContainsKey("runAsUser") is true
                || context?.ContainsKey("runAsGroup") is true
                || context?.ContainsKey("fsGroup") is true
            )
        )
        {
            yield return $"{path}: runAsUser, runAsGroup and fsGroup have no effect: this cluster's pods run as its own user";
        }
    }
}
