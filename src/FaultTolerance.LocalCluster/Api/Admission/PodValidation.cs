using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>Rules for pods and pod templates.</summary>
internal static class PodValidation
{
    /// <summary>Adds the faults of a pod spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="faults">Gets the faults.</param>
    /// <param name="claims">Volumes that each pod gets beside those of the spec.</param>
    public static void CheckSpec(JsonObject? spec, string path, List<string> faults, IEnumerable<string>? claims = null)
    {
        if (spec is null)
        {
            faults.Add($"{path}: Required value");
            return;
        }

        if (spec.Items("containers") is not { Count: > 0 })
        {
            faults.Add($"{path}.containers: Required value");
        }

        if (spec.Text("restartPolicy") is not ("Always" or "OnFailure" or "Never"))
        {
            faults.Add($"{path}.restartPolicy: Unsupported value: supported values: \"Always\", \"OnFailure\", \"Never\"");
        }

        if (spec.Number("terminationGracePeriodSeconds") is not >= 0)
        {
            faults.Add($"{path}.terminationGracePeriodSeconds: Invalid value: must be a whole number, 0 or more");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var volumes = spec.Maps("volumes").Select(volume => volume.Text("name")).Concat(claims ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var list in (string[])["initContainers", "containers"])
        {
            var index = 0;
            foreach (var container in spec.Maps(list))
            {
                CheckContainer(container, $"{path}.{list}[{index}]", names, volumes, faults);
                CheckOffered(container, $"{path}.{list}[{index++}]", faults);
            }
        }
    }

    /// <summary>Adds the fault of a change to what of a pod's spec may not change.</summary>
    public static void CheckChange(JsonObject? old, JsonObject? changed, List<string> faults)
    {
        if (!JsonNode.DeepEquals(Fixed(old), Fixed(changed)))
        {
            faults.Add(
                "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`, "
                + "`spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations`");
        }
    }

    private static JsonObject? Fixed(JsonObject? spec)
    {
        var copy = spec?.Copy();
        copy?.Remove("activeDeadlineSeconds");
        copy?.Remove("tolerations");
        foreach (var container in copy.Maps("containers").Concat(copy.Maps("initContainers")))
        {
            container.Remove("image");
        }

        return copy;
    }

    // What would be left undone in silence if it were stored.
    private static void CheckOffered(JsonObject container, string path, List<string> faults)
    {
        if (container.At("lifecycle", "postStart") is not null)
        {
            faults.Add($"{path}.lifecycle.postStart: Forbidden: this cluster runs no postStart hooks");
        }

        if (container["restartPolicy"] is not null)
        {
            faults.Add($"{path}.restartPolicy: Forbidden: this cluster runs no sidecars (a restart policy of a single container)");
        }

        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.At(probe, "grpc") is not null)
            {
                faults.Add($"{path}.{probe}.grpc: Forbidden: this cluster probes by httpGet, tcpSocket and exec");
            }
        }
    }

    private static void CheckContainer(
        JsonObject container,
        string path,
        HashSet<string> names,
        HashSet<string?> volumes,
        List<string> faults
    )
    {
        var name = container.Text("name") ?? "";
        if (!LabelSyntax.IsDnsLabel(name))
        {
            faults.Add(
                name.Length == 0
                    ? $"{path}.name: Required value"
                    : $"{path}.name: Invalid value: \"{name}\": not a lowercase RFC 1123 label"
            );
        }
        else if (!names.Add(name))
        {
            faults.Add($"{path}.name: Duplicate value: \"{name}\"");
        }

        if (string.IsNullOrWhiteSpace(container.Text("image")))
        {
            faults.Add($"{path}.image: Required value");
        }

        foreach (var list in (string[])["command", "args"])
        {
            if (container[list] is { } value && (value is not JsonArray words || words.Any(word => word.Text() is null)))
            {
                faults.Add($"{path}.{list}: Invalid value: must be a list of strings");
            }
        }

        foreach (var variable in container.Maps("env"))
        {
            if (string.IsNullOrEmpty(variable.Text("name")))
            {
                faults.Add($"{path}.env.name: Required value");
            }
            else if (variable["value"] is { } value && value.Text() is null)
            {
                faults.Add($"{path}.env[{variable.Text("name")}].value: Invalid value: must be a string (quote numbers and booleans)");
            }
        }

        foreach (var port in container.Maps("ports"))
        {
            if (port.Number("containerPort") is not (> 0 and < 65536))
            {
                faults.Add($"{path}.ports.containerPort: Invalid value: must be between 1 and 65535, inclusive");
            }
        }

        foreach (var mount in container.Maps("volumeMounts"))
        {
            if (!volumes.Contains(mount.Text("name")))
            {
                faults.Add($"{path}.volumeMounts.name: Not found: \"{mount.Text("name")}\"");
            }
        }
    }
}
