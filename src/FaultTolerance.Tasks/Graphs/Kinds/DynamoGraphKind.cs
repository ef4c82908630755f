using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// NVIDIA Dynamo's custom resource: v1alpha1 with a map of services, and v1beta1 with a list of components that hold pod templates. Other
/// documents of the manifest go with it (<see cref="DynamoCompanions"/>).
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
    public ImmutableArray<OwnedType> Owned { get; } =
    [
        new("nvidia.com", null, "dynamographdeployments", KindName),
        new("", "v1", "configmaps", "ConfigMap"),
        new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
        new("resource.k8s.io", "v1", "resourceclaimtemplates", "ResourceClaimTemplate"),
        new("resource.k8s.io", "v1beta1", "resourceclaimtemplates", "ResourceClaimTemplate"),
        new("resource.nvidia.com", "v1beta1", "computedomains", "ComputeDomain"),
        new("nvidia.com", "v1alpha1", "dynamomodels", "DynamoModel"),
    ];

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
        var document = Chosen(manifest, deployment);
        var companions = new DynamoCompanions(manifest, [.. manifest.Documents.Where(d => d.Kind != KindName)], name);
        if (!Versions.Contains(document.ApiVersion, StringComparer.Ordinal))
        {
            throw manifest.Error(
                "FT0219",
                document.Line,
                $"'{document.ApiVersion}' is no apiVersion of {KindName}: there are {string.Join(" and ", Versions)}");
        }

        var version = document.ApiVersion[(document.ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (!servedVersions.Contains(version, StringComparer.Ordinal))
        {
            throw manifest.Error("FT0401", document.Line, servedVersions.Count == 0
                ? $"the cluster does not know {KindName}: it needs the Dynamo platform, or the stand-in (InstallStandIn)"
                : $"the cluster serves {KindName} in {string.Join(", ", servedVersions)}, the manifest is {version}");
        }

        var body = document.Body.DeepClone().AsObject();
        var edits = new DynamoEdits(body, DynamoShape.Of(ContainerEdits.Child(body, "spec"), manifest, document.Line), deployment);
        edits.Own(name, owner, companions);
        var services = edits.Change(manifest, document.Line);
        var beside = companions.Objects(owner).ToArray();
        return new Graph(
            name, this, services,
            [.. beside.Select(b => b.Object), new GraphObject(ResourceType.DynamoGraphDeployments(version), body)])
        {
            Changes = [.. edits.Changes, .. beside.SelectMany(b => b.Changes)],
            SharedNamespace = edits.SharedNamespace,
        };
    }

    /// <inheritdoc/>
    public Readiness Judge(GraphObject asked, JsonObject current)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(current);
        if (asked.IsCompanion)
        {
            return Readiness.Ready;
        }

        var status = current["status"] as JsonObject;
        var state = status?["state"]?.GetValue<string>() ?? "";
        var ready = (status?["conditions"] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(c => c["type"]?.GetValue<string>() == "Ready");
        var reason =
            $"state '{state}', {ready?["reason"]?.GetValue<string>() ?? "no Ready condition"}: {ready?["message"]?.GetValue<string>()}";
        var word = state.Length > 0 ? state : null;
        if (state == "failed")
        {
            return new Readiness(ReadyState.Failed, reason) { Word = word };
        }

        // What is told of an older generation says nothing of this one; operators of 2025 tell no generation.
        var observed = status?["observedGeneration"]?.GetValue<long>();
        var isCurrent = observed is null || observed >= (current["metadata"]?["generation"]?.GetValue<long>() ?? 0);
        return state == "successful" && ready?["status"]?.GetValue<string>() == "True" && isCurrent
            ? Readiness.Ready with { Word = word } : new Readiness(ReadyState.Waiting, reason) { Word = word };
    }

    /// <inheritdoc/>
    public IEnumerable<(string Service, long Replicas)> ReplicasIn(JsonObject current)
    {
        ArgumentNullException.ThrowIfNull(current);
        var services = (current["spec"]?["services"] as JsonObject ?? []).Select(s => (Name: s.Key, s.Value))
            .Concat((current["spec"]?["components"] as JsonArray ?? []).Select(c => (Name: c?["name"]?.ToString() ?? "", Value: c)));
        foreach (var (name, service) in services)
        {
            if (service?["replicas"] is JsonValue value && value.TryGetValue<long>(out var replicas))
            {
                yield return (name, replicas);
            }
        }
    }

    /// <inheritdoc/>
    public string? ProviderOf(JsonObject current)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (current["metadata"]?["annotations"]?["nvidia.com/workload-provider"] is JsonValue chosen)
        {
            return chosen.ToString();
        }

        // Older platforms say for each service what it is made by.
        var services = (current["status"]?["services"] ?? current["status"]?["components"]) as JsonObject ?? [];
        string[] kinds =
        [
            .. services.Select(s => (s.Value as JsonObject)?["componentKind"]?.ToString()).OfType<string>().Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return kinds.Length == 0 ? null : string.Join(", ", kinds);
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

    private static ManifestDocument Chosen(Manifest manifest, Deployment deployment)
    {
        var graphs = manifest.Documents.Where(d => d.Kind == KindName).ToArray();
        if (deployment.Graph is not { } wanted)
        {
            return graphs.Length == 1 ? graphs[0] : throw manifest.Error(
                "FT0214", graphs[1].Line,
                $"holds {graphs.Length} graphs ({string.Join(", ", graphs.Select(NameOf))}); say which is meant: \"graph\": "
                    + $"\"{NameOf(graphs[0])}\"");
        }

        return graphs.FirstOrDefault(g => NameOf(g) == wanted) ?? throw manifest.Error(
            "FT0214", graphs[0].Line,
            $"holds no graph '{ForeignText.Line(wanted, 100)}', which deployment '{deployment.Name}' names; it has "
                + $"{string.Join(", ", graphs.Select(NameOf))}");
    }

    private static string NameOf(ManifestDocument graph) => ForeignText.Line(graph.Body["metadata"]?["name"]?.ToString(), 100);
}
