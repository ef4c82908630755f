using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>One service (component) of a graph, in one form for both API versions.</summary>
/// <param name="Name">As in the graph, VllmDecodeWorker say.</param>
/// <param name="ObjectName">Name of its Deployment and Service: graph, hyphen, name in lower case.</param>
/// <param name="Type">frontend, worker, prefill, decode, ...</param>
/// <param name="SubType">decode or prefill; null where the graph does not tell and the arguments do not either.</param>
/// <param name="DynamoNamespace">Dynamo's own namespace: what registers under one of that name is one service, of whatever graph.</param>
/// <param name="Replicas">How many pods.</param>
/// <param name="Envs">Of the graph and then of the service; later ones win.</param>
/// <param name="Main">What the graph says of the container main.</param>
/// <param name="Pod">What it says of the pod besides.</param>
/// <param name="GpuLimit">Number of GPUs asked for, as text; null for none.</param>
internal sealed record ServiceSpec(
    string Name, string ObjectName, string Type, string? SubType, string DynamoNamespace, long Replicas,
    ImmutableArray<JsonObject> Envs, JsonObject Main, JsonObject Pod, string? GpuLimit)
{
    private const string SidecarName = "sidecar-frontend";
    private const int MostShadows = 7;

    public bool IsFrontend => Type == "frontend";

    /// <summary>Whether its pods take requests of frontends.</summary>
    public bool IsWorker => Type is not ("frontend" or "planner" or "epp");

    /// <summary>Whether it is the planner.</summary>
    public bool IsPlanner => Type == "planner";

    /// <summary>Number of nodes of one replica.</summary>
    public long NodeCount { get; init; } = 1;

    /// <summary>Name of the container beside main that is a frontend; null for none.</summary>
    public string? FrontendSidecar { get; init; }

    /// <summary>
    /// How many engines take main's place in each pod, of which one serves and the others wait for its end; 0 for main alone.
    /// </summary>
    public int Engines { get; init; }

    /// <summary>Labels and annotations of the pod that the graph asks for.</summary>
    public JsonObject PodMetadata { get; init; } = [];

    /// <summary>Whether profile today is asked for: by the graph's own variables, which count more, or for the whole operator.</summary>
    public bool IsToday(OperatorOptions options) =>
        (
            Envs.Concat((Main["env"].Array() ?? []).OfType<JsonObject>())
                .LastOrDefault(variable => variable["name"].Text() == "STANDIN_PROFILE")
                ?["value"].Text()
            ?? (options.Today ? "today" : "")
        ) == "today";

    /// <summary>A value of v1alpha1's spec.services.</summary>
    public static ServiceSpec OfAlpha(string graph, string kubernetesNamespace, string name, JsonObject service, JsonArray? graphEnvs)
    {
        var pod = (JsonObject)(service["extraPodSpec"].Object() ?? []).DeepClone();
        var main = pod["mainContainer"].Object() ?? [];
        pod.Remove("mainContainer");
        main = (JsonObject)main.DeepClone();
        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (service[probe] is JsonObject own)
            {
                main[probe] = own.DeepClone();
            }
        }

        if (service["envFromSecret"].Text() is { } secret)
        {
            main["envFrom"] = new JsonArray(new JsonObject { ["secretRef"] = new JsonObject { ["name"] = secret } });
        }

        AddResources(main, service["resources"]);
        AddVolumes(main, pod, service["volumeMounts"].Array());
        if (service.At("frontendSidecar", "image").Text() is { } sidecar)
        {
            pod["containers"] = new JsonArray(
            [
                .. (pod["containers"].Array() ?? []).Select(container => container?.DeepClone()),
                new JsonObject
                {
                    ["name"] = SidecarName,
                    ["image"] = sidecar,
                    ["command"] = new JsonArray("python3"),
                    ["args"] = new JsonArray("-m", "dynamo.frontend", "--router-mode", "direct"),
                },
            ]);
        }

        return Create(
            graph,
            name,
            service["componentType"].Text(),
            service["subComponentType"].Text(),
            NamespaceOf(service, kubernetesNamespace, graph),
            service["replicas"].Number(),
            [graphEnvs, service["envs"].Array()],
            main,
            pod,
            service.At("resources", "limits", "gpu"),
            new JsonObject { ["labels"] = service["labels"]?.DeepClone(), ["annotations"] = service["annotations"]?.DeepClone() }
        ) with
        {
            FrontendSidecar = service["frontendSidecar"] is JsonObject ? SidecarName : null,
            NodeCount = service.At("multinode", "nodeCount").Number() ?? 1,
            Engines = EnginesOf(service["failover"]),
        };
    }

    /// <summary>An element of v1beta1's spec.components.</summary>
    public static ServiceSpec OfBeta(string graph, string kubernetesNamespace, JsonObject component, JsonArray? graphEnvs)
    {
        var pod = (JsonObject)(component.At("podTemplate", "spec").Object() ?? []).DeepClone();
        var containers = pod["containers"].Array() ?? [];
        pod.Remove("containers");
        var main = containers.OfType<JsonObject>().FirstOrDefault(container => container["name"].Text() == "main")?.DeepClone().Object()
            ?? [];
        var others = containers
            .OfType<JsonObject>()
            .Where(container => container["name"].Text() != "main")
            .Select(container => container.DeepClone())
            .ToArray();
        if (others.Length > 0)
        {
            pod["containers"] = new JsonArray(others);
        }

        var gpu = main.At("resources", "limits", "nvidia.com/gpu");
        DropGpus(main);

        return Create(
            graph,
            component["name"].Text() ?? "",
            component["type"].Text(),
            null,
            NamespaceOf(component, kubernetesNamespace, graph),
            component["replicas"].Number(),
            [graphEnvs],
            main,
            pod,
            gpu,
            component.At("podTemplate", "metadata").Object() ?? []
        ) with
        {
            FrontendSidecar = component["frontendSidecar"].Text(),
            NodeCount = component.At("multinode", "nodeCount").Number() ?? 1,
            Engines = EnginesOf(component.At("experimental", "failover")),
        };
    }

    private static ServiceSpec Create(
        string graph, string name, string? type, string? subType, string dynamoNamespace, long? replicas,
        JsonArray?[] envs, JsonObject main, JsonObject pod, JsonNode? gpu, JsonObject metadata)
    {
        var arguments = (main["args"].Array() ?? [])
            .Concat(main["command"].Array() ?? [])
            .Select(argument => argument.Text() ?? "")
            .ToList();
        return new(
            name,
            $"{graph}-{name}".ToLowerInvariant(),
            type ?? "worker",
            subType
                ?? (
                    type is "prefill" or "decode" ? type
                    : arguments.Any(argument => argument.Contains("--is-prefill-worker", StringComparison.Ordinal)) ? "prefill"
                    : null
                ),
            NamespaceVariable(main, envs) ?? dynamoNamespace,
            replicas ?? 1,
            [.. envs.SelectMany(list => list ?? []).OfType<JsonObject>()],
            main,
            pod,
            gpu?.ToString())
        {
            PodMetadata = metadata,
        };
    }

    /// <summary>
    /// The namespace that the manifest names; without one, as today's operators do it, the graph's own, or <c>dynamo</c>, which all graphs
    /// share, where <c>globalDynamoNamespace</c> is true.
    /// </summary>
    private static string NamespaceOf(JsonObject service, string kubernetesNamespace, string graph) =>
        service["globalDynamoNamespace"] is JsonValue global && global.TryGetValue<bool>(out var shared) && shared
            ? "dynamo"
            : service["dynamoNamespace"].Text() ?? $"{kubernetesNamespace}-{graph}";

    /// <summary>What the manifest sets DYN_NAMESPACE to, which the process goes by; the container's own comes before the graph's.</summary>
    private static string? NamespaceVariable(JsonObject main, JsonArray?[] envs) =>
        envs.Append(main["env"].Array()).SelectMany(list => list ?? []).OfType<JsonObject>()
            .LastOrDefault(variable => variable["name"].Text() == "DYN_NAMESPACE")?["value"].Text() is { Length: > 0 } value
            ? value
            : null;

    /// <summary>An engine and its shadows in one pod; those in pods of their own need Grove.</summary>
    private static int EnginesOf(JsonNode? failover) =>
        failover.At("enabled") is JsonValue enabled && enabled.TryGetValue<bool>(out var on) && on
        && failover.At("mode").Text() is null or "intraPod"
            ? 1 + (int)Math.Clamp(failover.At("numShadows").Number() ?? 1, 1, MostShadows)
            : 0;

    /// <summary>The service's own mounts, each of a claim of that name.</summary>
    private static void AddVolumes(JsonObject main, JsonObject pod, JsonArray? mounts)
    {
        foreach (var mount in (mounts ?? []).OfType<JsonObject>())
        {
            if (mount["name"].Text() is { } name && (mount["mountPoint"] ?? mount["mountPath"]).Text() is { } point)
            {
                ListOf(main, "volumeMounts").Add((JsonNode)new JsonObject { ["name"] = name, ["mountPath"] = point });
                ListOf(pod, "volumes")
                    .Add(
                        (JsonNode)new JsonObject
                        {
                            ["name"] = name,
                            ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = name },
                        }
                    );
            }
        }

        static JsonArray ListOf(JsonObject parent, string name) => (JsonArray)(parent[name] ??= new JsonArray());
    }

    /// <summary>Takes the GPUs out of the container's resources, and what is empty then.</summary>
    private static void DropGpus(JsonObject main)
    {
        var resources = main["resources"].Object() ?? [];
        foreach (var kind in (string[])["limits", "requests"])
        {
            if (resources[kind] is JsonObject quantities && quantities.Remove("nvidia.com/gpu") && quantities.Count == 0)
            {
                resources.Remove(kind);
            }
        }

        if (resources.Count == 0)
        {
            main.Remove("resources");
        }
    }

    private static void AddResources(JsonObject main, JsonNode? resources)
    {
        foreach (var kind in (string[])["limits", "requests"])
        {
            foreach (var what in (string[])["cpu", "memory"])
            {
                if (resources.At(kind, what).Text() is { } quantity)
                {
                    main.Merge(new JsonObject { ["resources"] = new JsonObject { [kind] = new JsonObject { [what] = quantity } } });
                }
            }
        }
    }
}
