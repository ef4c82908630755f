using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>
/// Takes out of a pod what only clusters with GPUs have, since a stand-in's pod would wait for it for ever, and puts empty folders for the
/// volumes that are claimed. What was taken out is told.
/// </summary>
internal static class LeftOut
{
    private static readonly string[] PodFields = ["nodeSelector", "affinity", "runtimeClassName", "schedulerName", "resourceClaims"];

    /// <summary>Changes the pod's spec; the fields that were left out, by their paths, in order.</summary>
    public static IReadOnlyList<string> Of(JsonObject pod)
    {
        var left = new List<string>();
        foreach (var field in PodFields.Where(pod.Remove))
        {
            left.Add(field);
        }

        foreach (var list in (string[])["initContainers", "containers"])
        {
            foreach (var container in (pod[list].Array() ?? []).OfType<JsonObject>())
            {
                left.AddRange(OfContainer(container).Select(field => $"{container["name"].Text()}: {field}"));
            }
        }

        left.AddRange(Volumes(pod));
        return left;
    }

    /// <summary>
    /// Makes every secret that a container or a volume names optional: upstream's manifests name some that only some clusters have.
    /// </summary>
    public static void MakeSecretsOptional(JsonObject pod)
    {
        foreach (
            var container in ((string[])["initContainers", "containers"]).SelectMany(list => pod[list].Array() ?? []).OfType<JsonObject>()
        )
        {
            foreach (var source in (container["envFrom"].Array() ?? []).Select(from => from.At("secretRef"))
                .Concat((container["env"].Array() ?? []).Select(variable => variable.At("valueFrom", "secretKeyRef"))).OfType<JsonObject>())
            {
                source["optional"] = true;
            }
        }

        foreach (var secret in (pod["volumes"].Array() ?? []).Select(volume => volume.At("secret")).OfType<JsonObject>())
        {
            secret["optional"] = true;
        }
    }

    private static IEnumerable<string> OfContainer(JsonObject container)
    {
        if (container["resources"] is not JsonObject resources)
        {
            yield break;
        }

        if (resources.Remove("claims"))
        {
            yield return "resources.claims";
        }

        foreach (var kind in (string[])["limits", "requests"])
        {
            if (resources[kind] is not JsonObject quantities)
            {
                continue;
            }

            // An extended resource's name has a domain; those of Kubernetes' own have none.
            foreach (
                var name in quantities.Select(quantity => quantity.Key).Where(name => name.Contains('/', StringComparison.Ordinal)).ToList()
            )
            {
                quantities.Remove(name);
                yield return $"resources.{kind} {name}";
            }

            if (quantities.Count == 0)
            {
                resources.Remove(kind);
            }
        }

        if (resources.Count == 0)
        {
            container.Remove("resources");
        }
    }

    private static IEnumerable<string> Volumes(JsonObject pod)
    {
        foreach (var volume in (pod["volumes"].Array() ?? []).OfType<JsonObject>())
        {
            if (volume.Remove("persistentVolumeClaim") || volume.Remove("ephemeral"))
            {
                volume["emptyDir"] = new JsonObject();
                yield return $"volume {volume["name"].Text()}: an empty folder instead of its claim";
            }
        }
    }
}
