using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Verbs;

/// <summary>autoscaling/v1 Scale, the subresource through which replicas are counted and set.</summary>
/// <param name="reads">Reads the scaled object.</param>
/// <param name="writes">Writes it.</param>
internal sealed class ScaleVerbs(ReadVerbs reads, WriteVerbs writes)
{
    /// <summary>The present scale.</summary>
    public JsonObject Get(Resource resource, string? @namespace, string name) => Of(resource, reads.Get(resource, @namespace, name));

    /// <summary>Changes the scale; <paramref name="manager"/> will own the replicas.</summary>
    public JsonObject Update(Resource resource, string? @namespace, string name, Func<JsonObject, JsonObject> change, bool dryRun,
        string? manager = null)
    {
        var updated = writes.Update(
            resource,
            @namespace,
            name,
            subresource: null,
            current =>
            {
                var scale = change(Of(resource, current));
                var replicas = scale.Number("spec", "replicas") ?? 0;
                if (replicas < 0)
                {
                    throw StoreErrors.Invalid(
                        "Scale.autoscaling",
                        name,
                        ["spec.replicas: Invalid value: must be greater than or equal to 0"]
                    );
                }

                Set(current, Path(resource, "specReplicasPath", ".spec.replicas"), replicas);
                current.Metadata()["resourceVersion"] = scale.At("metadata", "resourceVersion")?.DeepClone();
                return current;
            },
            dryRun,
            manager,
            "scale");
        return Of(resource, updated);
    }

    private static JsonObject Of(Resource resource, JsonObject value)
    {
        var metadata = new JsonObject();
        foreach (var member in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (value.At("metadata", member) is { } known)
            {
                metadata[member] = known.DeepClone();
            }
        }

        var selector = resource.Definition is null
            ? LabelSelector.FromSpec(value.Map("spec", "selector")).ToString()
            : value.Text(Path(resource, "labelSelectorPath", ".status.selector"));
        return new()
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = value.Number(Path(resource, "specReplicasPath", ".spec.replicas")) ?? 0 },
            ["status"] = new JsonObject
            {
                ["replicas"] = value.Number(Path(resource, "statusReplicasPath", ".status.replicas")) ?? 0,
                ["selector"] = selector ?? "",
            },
        };
    }

    private static string[] Path(Resource resource, string which, string usual) =>
        (resource.Definition.Text("subresources", "scale", which) ?? usual).Split('.', StringSplitOptions.RemoveEmptyEntries);

    private static void Set(JsonObject value, string[] path, long number)
    {
        var map = value;
        foreach (var step in path[..^1])
        {
            map = map.Ensure(step);
        }

        map[path[^1]] = number;
    }
}
