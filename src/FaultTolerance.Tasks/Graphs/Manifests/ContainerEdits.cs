using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>Changes that every kind of graph makes in the same parts of its objects.</summary>
internal static partial class ContainerEdits
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
    public static void SetTensorParallel(JsonObject container, int size)
    {
        var text = size.ToString(CultureInfo.InvariantCulture);
        if (container["args"] is not JsonArray args)
        {
            container["args"] = args = [];
        }

        var index = args.Select(Text).ToList().IndexOf(TensorParallel);
        if (index >= 0 && index + 1 < args.Count)
        {
            args[index + 1] = text;
        }
        else if (args.Count > 0 && IsShell(container) && Text(args[^1]) is { } script)
        {
            args[^1] = TensorParallelOption().IsMatch(script)
                ? TensorParallelOption().Replace(script, $"{TensorParallel} {text}")
                : $"{script} {TensorParallel} {text}";
        }
        else
        {
            args.Add(TensorParallel);
            args.Add(text);
        }
    }

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
            );
        }

        return replicas;
    }

    /// <summary>Sees to it that whatever replicas are asked for by name or role is there.</summary>
    /// <exception cref="FaultMatrixException">FT0220: it is not, with the names there are.</exception>
    public static void RequireServices(Scenarios.Deployment deployment, IReadOnlyList<GraphService> services, Manifest manifest, int line)
    {
        var missing = deployment.ReplicasOf.Keys.FirstOrDefault(key =>
            !services.Any(s =>
                string.Equals(s.Name, key, StringComparison.OrdinalIgnoreCase)
                || string.Equals(s.Role, key, StringComparison.OrdinalIgnoreCase)
            )
        );
        if (missing is not null)
        {
            throw manifest.Error(
                "FT0220",
                line,
                $"deployment '{deployment.Name}' asks for replicas of '{missing}', and there is no such service or role; there are {string.Join(", ", services.Select(s => $"{s.Name} ({s.Role})"))}"
            );
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

    private static bool IsShell(JsonObject container) =>
        container["command"] is JsonArray { Count: >= 2 } command
        && Text(command[^1])?.StartsWith('-') == true
        && Text(command[^1])!.EndsWith('c');

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    [GeneratedRegex(@"--tensor-parallel-size[ =]\d+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TensorParallelOption();
}
