using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Manifests;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>Where the two versions of a DynamoGraphDeployment keep the same things.</summary>
/// <param name="Components">Whether it is v1beta1's list of components; else v1alpha1's map of services.</param>
/// <param name="Services">The services by name, in the manifest's order.</param>
internal sealed record DynamoShape(bool Components, ImmutableArray<KeyValuePair<string, JsonObject>> Services)
{
    private const string Main = "main";
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] ContainerLists = ["initContainers", "containers"];

    /// <summary>The property of a graph's spec that holds variables of all its services.</summary>
    public string EnvironmentProperty => Components ? "env" : "envs";

    /// <summary>Reads a graph's spec.</summary>
    /// <exception cref="FaultMatrixException">FT0215: it has no services.</exception>
    public static DynamoShape Of(JsonObject spec, Manifest manifest, int line)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec["services"] is JsonObject map && map.All(s => s.Value is JsonObject) && map.Count > 0)
        {
            return new DynamoShape(false, [.. map.Select(s => new KeyValuePair<string, JsonObject>(s.Key, s.Value!.AsObject()))]);
        }

        if (spec["components"] is JsonArray { Count: > 0 } list && list.All(c => c is JsonObject o && o["name"] is JsonValue))
        {
            return new DynamoShape(
                true,
                [.. list.Select(c => new KeyValuePair<string, JsonObject>(c!["name"]!.GetValue<string>(), c.AsObject()))]
            );
        }

        throw manifest.Error("FT0215", line, "the DynamoGraphDeployment has neither spec.services nor spec.components with a name each");
    }

    /// <summary>The role of a service.</summary>
    public string RoleOf(string name, JsonObject service) => Components
        ? GraphRoles.Of(name, Text(service, "type"), null)
        : GraphRoles.Of(name, Text(service, "componentType"), Text(service, "subComponentType"));

    /// <summary>How many pods one replica has.</summary>
    public static int NodesOf(JsonObject service) =>
        service["multinode"]?["nodeCount"] is JsonValue value && value.TryGetValue<long>(out var count) && count > 1
            ? (int)Math.Min(count, int.MaxValue) : 1;

    /// <summary>Whether somebody else may change its replicas, and this tool may not.</summary>
    public static bool Scales(JsonObject service) => service["scalingAdapter"] is JsonObject adapter
        && !(adapter["enabled"] is JsonValue value && value.TryGetValue<bool>(out var on) && !on);

    /// <summary>The container of a worker's pod that is a frontend; null for none.</summary>
    public string? SidecarOf(JsonObject service) =>
        Components ? Text(service, "frontendSidecar") : service["frontendSidecar"] is JsonObject ? "sidecar-frontend" : null;

    /// <summary>Whether the sidecar only takes requests that a gateway has chosen a worker for.</summary>
    public bool NeedsGateway(JsonObject service)
    {
        if (SidecarOf(service) is not { } name)
        {
            return false;
        }

        // v1alpha1's operator makes the sidecar, always so.
        var container = Containers(service).FirstOrDefault(c => Text(c, "name") == name);
        return container is null ? !Components : EngineModule.Words(container) is var words
            && (words.Zip(words.Skip(1)).Any(pair => pair is ("--router-mode", "direct"))
                || words.Contains("--router-mode=direct", StringComparer.Ordinal)
                || (container["env"] as JsonArray ?? []).OfType<JsonObject>()
                    .Any(v => Text(v, "name") == "DYN_ROUTER_MODE" && Text(v, "value") == "direct"));
    }

    /// <summary>Where the pod's labels are.</summary>
    public JsonObject PodMetadata(JsonObject service) =>
        Components ? ContainerEdits.Child(service, "podTemplate", "metadata") : service;

    /// <summary>The component's own container, made where it is not there.</summary>
    public JsonObject Container(JsonObject service)
    {
        if (!Components)
        {
            return ContainerEdits.Child(service, "extraPodSpec", "mainContainer");
        }

        var containers = ContainerEdits.Array(ContainerEdits.Child(service, "podTemplate", "spec"), "containers");
        return Named(containers, Main, make: true)!;
    }

    /// <summary>The component's own container as it stands; null where the manifest has none.</summary>
    public JsonObject? OwnContainer(JsonObject service) => Components
        ? Containers(service).FirstOrDefault(c => Text(c, "name") == Main)
        : service["extraPodSpec"]?["mainContainer"] as JsonObject;

    /// <summary>All containers that a manifest writes, the component's own and init containers too.</summary>
    public IEnumerable<JsonObject> Containers(JsonObject service)
    {
        var spec = Components ? service["podTemplate"]?["spec"] : service["extraPodSpec"];
        var lists = ContainerLists.SelectMany(list => (spec?[list] as JsonArray ?? []).OfType<JsonObject>());
        return Components || service["extraPodSpec"]?["mainContainer"] is not JsonObject own ? lists : lists.Prepend(own);
    }

    /// <summary>Everything of a service that names an image, by the name of its container.</summary>
    public IEnumerable<(string Container, JsonObject Holder)> Images(JsonObject service)
    {
        var own = OwnContainer(service);
        var all = Containers(service).Select(c => (ReferenceEquals(c, own) ? Main : Text(c, "name") ?? "", c));
        return !Components && service["frontendSidecar"] is JsonObject sidecar ? all.Append((SidecarOf(service)!, sidecar)) : all;
    }

    /// <summary>
    /// Applies a patch in v1alpha1's form, where probes are the service's; in v1beta1 they are its container's. Containers of a patch's
    /// list are joined with those of the same name.
    /// </summary>
    public void Apply(JsonObject service, JsonObject patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var rest = patch.DeepClone().AsObject();
        foreach (var probe in Components ? Probes : [])
        {
            if (rest.ContainsKey(probe))
            {
                var value = rest[probe]?.DeepClone();
                rest.Remove(probe);
                if (value is not null || OwnContainer(service) is not null)
                {
                    MergePatch.Apply(Container(service), new JsonObject { [probe] = value });
                }
            }
        }

        string[] path = Components ? ["podTemplate", "spec"] : ["extraPodSpec"];
        var spec = path.Aggregate((JsonNode?)rest, (node, key) => (node as JsonObject)?[key]) as JsonObject;
        foreach (var list in ContainerLists.Where(list => spec?[list] is JsonArray))
        {
            var containers = (JsonArray)spec![list]!;
            spec.Remove(list);
            Join(ContainerEdits.Array(ContainerEdits.Child(service, path), list), containers);
        }

        MergePatch.Apply(service, rest);
    }

    /// <summary>Sets the number of GPUs where the manifest limits them, and the request, which must be the same.</summary>
    public void SetGpus(JsonObject service, int count)
    {
        var text = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var (holder, key) = Components ? (OwnContainer(service), "nvidia.com/gpu") : (service, "gpu");
        if (holder?["resources"]?["limits"] is JsonObject limits && limits.ContainsKey(key))
        {
            limits[key] = text;
            if (holder["resources"]!["requests"] is JsonObject requests && requests.ContainsKey(key))
            {
                requests[key] = text;
            }
        }
    }

    /// <summary>
    /// Sets variables of a service's own container, each where the manifest has it already, else where the version keeps them.
    /// </summary>
    public void SetEnvironment(JsonObject service, ImmutableSortedDictionary<string, string> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (Components)
        {
            ContainerEdits.SetEnvironment(Container(service), "env", variables);
            return;
        }

        var own = (OwnContainer(service)?["env"] as JsonArray ?? []).OfType<JsonObject>().Select(v => Text(v, "name"))
            .ToHashSet(StringComparer.Ordinal);
        ContainerEdits.SetEnvironment(service, "envs", variables.RemoveRange(variables.Keys.Where(own.Contains)));
        if (variables.Keys.Any(own.Contains))
        {
            ContainerEdits.SetEnvironment(Container(service), "env",
                variables.RemoveRange(variables.Keys.Where(key => !own.Contains(key))));
        }
    }

    private static void Join(JsonArray there, JsonArray patches)
    {
        foreach (var patch in patches.OfType<JsonObject>())
        {
            if (Text(patch, "name") is { } name)
            {
                MergePatch.Apply(Named(there, name, make: true)!, patch);
            }
            else
            {
                there.Add(patch.DeepClone());
            }
        }
    }

    private static JsonObject? Named(JsonArray containers, string name, bool make)
    {
        var found = containers.OfType<JsonObject>().FirstOrDefault(c => Text(c, "name") == name);
        if (found is null && make)
        {
            containers.Add((JsonNode)(found = new JsonObject { ["name"] = name }));
        }

        return found;
    }

    private static string? Text(JsonObject holder, string property) =>
        holder[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
