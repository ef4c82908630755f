using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>Changes that every kind of graph makes in the same parts of its objects.</summary>
internal static class ContainerEdits
{
    private const string TensorParallel = "--tensor-parallel-size";

    /// <summary>Sets variables in a list of <c>{name, value}</c>; one that is there is replaced.</summary>
    public static void SetEnvironment(JsonObject holder, string property, ImmutableSortedDictionary<string, string> variables)
    {
        if (variables.IsEmpty)
        {
            return;
        }

        var list = Array(holder, property);
        foreach (var (name, value) in variables)
        {
            var there = list.OfType<JsonObject>().FirstOrDefault(v => v["name"]?.GetValue<string>() == name);
            if (there is not null)
            {
                list.Remove(there);
            }

            list.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value });
        }
    }

    /// <summary>The list of that name, made where it is not there.</summary>
    public static JsonArray Array(JsonObject holder, string property)
    {
        if (holder[property] is not JsonArray list)
        {
            holder[property] = list = [];
        }

        return list;
    }

    /// <summary>Sets labels or annotations below <paramref name="holder"/>.</summary>
    public static void SetEntries(JsonObject holder, string property, IEnumerable<KeyValuePair<string, string>> entries)
    {
        var map = Child(holder, property);
        foreach (var (key, value) in entries)
        {
            map[key] = value;
        }
    }

    /// <summary>The object at a path, made where it is not there.</summary>
    public static JsonObject Child(JsonObject holder, params ReadOnlySpan<string> path)
    {
        foreach (var property in path)
        {
            if (holder[property] is not JsonObject child)
            {
                holder[property] = child = [];
            }

            holder = child;
        }

        return holder;
    }

    /// <summary>Sets the tensor parallel size in a worker's arguments, also where they are one string for <c>sh -c</c>.</summary>
    public static void SetTensorParallel(JsonObject container, int size) =>
        ContainerArguments.Set(container, [TensorParallel, size.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>
    /// Sets a service's replicas, notes the change, and says how many it has: as asked, or as the manifest has them, or 1.
    /// </summary>
    public static int SetReplicas(JsonObject service, string name, int? asked, List<GraphChange> changes)
    {
        var before =
            service["replicas"] is JsonValue value && value.TryGetValue<long>(out var written) ? (int)Math.Min(written, int.MaxValue) : 1;
        if (asked is not { } replicas || (replicas == before && service["replicas"] is not null))
        {
            return before;
        }

        service["replicas"] = replicas;
        if (replicas != before)
        {
            changes.Add(
                new GraphChange(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: {replicas} {(replicas == 1 ? "replica" : "replicas")} instead of {before}"
                    )
                )
                {
                    Key = "replicas",
                }
            );
        }

        return replicas;
    }

    /// <summary>Sees to it that what is asked for by name or role is there.</summary>
    /// <exception cref="FaultMatrixException">FT0220: it is not, with the names there are.</exception>
    public static void RequireServices(Scenarios.Deployment deployment, IReadOnlyList<GraphService> services, Manifest manifest, int line)
    {
        var named = deployment.ReplicasOf.Keys.Select(key => ("replicas", key))
            .Concat(deployment.ImageOf.Keys.Select(key => ("an image", key)))
            .Concat(deployment.ArgumentsOf.Keys.Select(key => ("arguments", key)))
            .Concat(deployment.EnvironmentOf.Keys.Select(key => ("variables", key)));
        foreach (var (what, key) in named)
        {
            if (!services.Any(s => string.Equals(s.Name, key, StringComparison.OrdinalIgnoreCase)
                || string.Equals(s.Role, key, StringComparison.OrdinalIgnoreCase)))
            {
                throw manifest.Error(
                    "FT0220",
                    line,
                    $"deployment '{deployment.Name}' asks for {what} of '{key}', and there is no such service or role; there are "
                        + $"{string.Join(", ", services.Select(s => $"{s.Name} ({s.Role})"))}"
                );
            }
        }
    }

    /// <summary>Patches for a service, the more general first: for all, for its role, for its name.</summary>
    public static IEnumerable<JsonObject> PatchesFor(ImmutableSortedDictionary<string, JsonObject> patches, GraphService service)
    {
        foreach (var key in new[] { "*", service.Role, service.Name }.Distinct(StringComparer.Ordinal))
        {
            if (patches.TryGetValue(key, out var patch))
            {
                yield return patch;
            }
        }
    }
}
