using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// NVIDIA Dynamo's custom resource: v1alpha1 with a map of services, and v1beta1 with a list of components that hold pod templates.
/// </summary>
internal sealed class DynamoGraphKind : IGraphKind
{
    private const string KindName = "DynamoGraphDeployment";
    private static readonly string[] Versions = ["nvidia.com/v1alpha1", "nvidia.com/v1beta1"];
    private const string GraphLabel = "nvidia.com/dynamo-graph-deployment-name";
    private const string ComponentLabel = "nvidia.com/dynamo-component";
    private const string SelectorLabel = "nvidia.com/selector";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public ImmutableArray<OwnedType> Owned { get; } = [new("nvidia.com", null, "dynamographdeployments", KindName)];

    /// <inheritdoc/>
    public bool Handles(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Documents.Any(d => d.Kind == KindName);
    }

    /// <inheritdoc/>
    public Graph Build(Manifest manifest, string name, Deployment deployment, GraphOwner owner, IReadOnlyList<string> servedVersions)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(servedVersions);
        var document = manifest.Documents.First(d => d.Kind == KindName);
        if (manifest.Documents.Length > 1)
        {
            throw manifest.Error("FT0214", manifest.Documents.First(d => d != document).Line, $"a {KindName} stands alone in its manifest");
        }

        if (!Versions.Contains(document.ApiVersion, StringComparer.Ordinal))
        {
            throw manifest.Error(
                "FT0219", document.Line, $"'{document.ApiVersion}' is no apiVersion of {KindName}: there are {string.Join(" and ", Versions)}");
        }

        var version = document.ApiVersion[(document.ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (!servedVersions.Contains(version, StringComparer.Ordinal))
        {
            throw manifest.Error("FT0401", document.Line, servedVersions.Count == 0
                ? $"the cluster does not know {KindName}: it needs the Dynamo platform, or the stand-in (InstallStandIn)"
                : $"the cluster serves {KindName} in {string.Join(", ", servedVersions)}, the manifest is {version}");
        }

        var body = document.Body.DeepClone().AsObject();
        var metadata = ContainerEdits.Child(body, "metadata");
        metadata["name"] = name;
        metadata.Remove("namespace");
        ContainerEdits.SetEntries(metadata, "labels", owner.Labels);
        var spec = ContainerEdits.Child(body, "spec");
        var shape = Shape.Of(spec, manifest, document.Line);
        ContainerEdits.SetEnvironment(spec, shape.EnvironmentProperty, deployment.Overlay.Environment);
        var services = ImmutableArray.CreateBuilder<GraphService>();
        var changes = new List<GraphChange>();
        var spaces = new DynamoNamespaces(name, !shape.Components);
        foreach (var (serviceName, service) in shape.Services)
        {
            var role = shape.RoleOf(serviceName, service);
            var made = new GraphService(
                serviceName,
                role,
                ContainerEdits.SetReplicas(service, serviceName, deployment.ReplicasFor(serviceName, role), changes)
            );
            spaces.Set(service);
            Edit(shape, service, made, deployment, owner);
            services.Add(made);
        }

        ContainerEdits.RequireServices(deployment, services, manifest, document.Line);
        return new Graph(name, this, services.ToImmutable(), [new GraphObject(ResourceType.DynamoGraphDeployments(version), body)])
        {
            Changes = [.. changes, .. spaces.Changes],
            SharedNamespace = spaces.Shared([.. shape.Services.Select(s => s.Value)], spec),
        };
    }

    /// <inheritdoc/>
    public Readiness Judge(GraphObject asked, JsonObject current)
    {
        ArgumentNullException.ThrowIfNull(current);
        var status = current["status"] as JsonObject;
        var state = status?["state"]?.GetValue<string>() ?? "";
        var ready = (status?["conditions"] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(c => c["type"]?.GetValue<string>() == "Ready");
        var reason =
            $"state '{state}', {ready?["reason"]?.GetValue<string>() ?? "no Ready condition"}: {ready?["message"]?.GetValue<string>()}";
        if (state == "failed")
        {
            return new Readiness(ReadyState.Failed, reason);
        }

        // What is told of an older generation says nothing of this one; operators of 2025 tell no generation.
        var observed = status?["observedGeneration"]?.GetValue<long>();
        var isCurrent = observed is null || observed >= (current["metadata"]?["generation"]?.GetValue<long>() ?? 0);
        return state == "successful" && ready?["status"]?.GetValue<string>() == "True" && isCurrent
            ? Readiness.Ready : new Readiness(ReadyState.Waiting, reason);
    }

    /// <inheritdoc/>
    public GraphService? ServiceOf(V1Pod pod, string graph, ImmutableArray<GraphService> services)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var labels = pod.Metadata?.Labels;
        if (labels is null)
        {
            return null;
        }

        if (labels.TryGetValue(GraphLabel, out var of))
        {
            // The newer labels have the last word: a pod of another graph is not looked at twice.
            return of == graph && labels.TryGetValue(ComponentLabel, out var component)
                ? services.FirstOrDefault(s => string.Equals(s.Name, component, StringComparison.OrdinalIgnoreCase))
                : null;
        }

        return labels.TryGetValue(SelectorLabel, out var selector)
            ? services.FirstOrDefault(s => selector == $"{graph}-{s.Name.ToLowerInvariant()}")
            : null;
    }

    private static void Edit(Shape shape, JsonObject service, GraphService made, Deployment deployment, GraphOwner owner)
    {
        var container = shape.Container(service);
        if (deployment.Image is not null)
        {
            container["image"] = deployment.Image;
        }

        if (deployment.TensorParallel > 1 && made.Role != GraphRoles.Frontend)
        {
            ContainerEdits.SetTensorParallel(container, deployment.TensorParallel);
            shape.SetGpus(service, deployment.TensorParallel);
        }

        ContainerEdits.SetEntries(shape.PodMetadata(service), "labels", owner.Labels);
        foreach (var patch in ContainerEdits.PatchesFor(deployment.Overlay.Services, made))
        {
            shape.Apply(service, patch);
        }
    }

    /// <summary>Where the two versions keep the same things.</summary>
    private sealed record Shape(bool Components, ImmutableArray<KeyValuePair<string, JsonObject>> Services)
    {
        private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

        public string EnvironmentProperty => Components ? "env" : "envs";

        public static Shape Of(JsonObject spec, Manifest manifest, int line)
        {
            if (spec["services"] is JsonObject map && map.All(s => s.Value is JsonObject) && map.Count > 0)
            {
                return new Shape(false, [.. map.Select(s => new KeyValuePair<string, JsonObject>(s.Key, s.Value!.AsObject()))]);
            }

            if (spec["components"] is JsonArray { Count: > 0 } list && list.All(c => c is JsonObject o && o["name"] is JsonValue))
            {
                return new Shape(
                    true,
                    [.. list.Select(c => new KeyValuePair<string, JsonObject>(c!["name"]!.GetValue<string>(), c.AsObject()))]
                );
            }

            throw manifest.Error("FT0215", line, $"the {KindName} has neither spec.services nor spec.components with a name each");
        }

        public string RoleOf(string name, JsonObject service) => Components
            ? GraphRoles.Of(name, Text(service, "type"), null)
            : GraphRoles.Of(name, Text(service, "componentType"), Text(service, "subComponentType"));

        public JsonObject PodMetadata(JsonObject service) =>
            Components ? ContainerEdits.Child(service, "podTemplate", "metadata") : service;

        public JsonObject Container(JsonObject service)
        {
            if (!Components)
            {
                return ContainerEdits.Child(service, "extraPodSpec", "mainContainer");
            }

            var spec = ContainerEdits.Child(service, "podTemplate", "spec");
            if (spec["containers"] is not JsonArray containers)
            {
                spec["containers"] = containers = [];
            }

            var main = containers.OfType<JsonObject>().FirstOrDefault(c => Text(c, "name") == "main");
            if (main is null)
            {
                containers.Add((JsonNode)(main = new JsonObject { ["name"] = "main" }));
            }

            return main;
        }

        /// <summary>Applies a patch in v1alpha1's form, where probes are the service's; in v1beta1 they are its container's.</summary>
        public void Apply(JsonObject service, JsonObject patch)
        {
            var rest = patch.DeepClone().AsObject();
            foreach (var probe in Components ? Probes : [])
            {
                if (rest[probe] is { } value)
                {
                    rest.Remove(probe);
                    MergePatch.Apply(Container(service), new JsonObject { [probe] = value });
                }
            }

            MergePatch.Apply(service, rest);
        }

        public void SetGpus(JsonObject service, int count)
        {
            var text = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var (holder, key) = Components ? (Container(service), "nvidia.com/gpu") : (service, "gpu");
            if (holder["resources"]?["limits"] is JsonObject limits && limits.ContainsKey(key))
            {
                limits[key] = text;
            }
        }

        private static string? Text(JsonObject holder, string property) =>
            holder[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
