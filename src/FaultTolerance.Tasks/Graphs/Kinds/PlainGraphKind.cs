using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// Deployments, Services and what they need, as they are, for any OpenAI-compatible service. Every object carries the label
/// <c>faultmatrix.dev/graph</c> with the manifest's own name for the graph; each Deployment is a service of it and its label
/// <c>faultmatrix.dev/role</c> says which. The graph's name in the cluster takes the place of that name where <see cref="GraphRename"/>
/// says, so that several graphs of one manifest fit in a namespace.
/// </summary>
internal sealed class PlainGraphKind : IGraphKind
{
    private static readonly ImmutableArray<ResourceType> Types =
    [
        ResourceType.ServiceAccounts,
        ResourceType.Roles,
        ResourceType.RoleBindings,
        ResourceType.ConfigMaps,
        ResourceType.Services,
        ResourceType.Deployments,
    ];

    private const int LongestArgument = 100;
    private static readonly string[] ContainerLists = ["initContainers", "containers"];
    private static readonly string[] ArgumentLists = ["command", "args"];

    /// <inheritdoc/>
    public string Name => "Deployments";

    /// <inheritdoc/>
    public ImmutableArray<OwnedType> Owned { get; } =
    [
        OwnedType.Of(ResourceType.Deployments),
        OwnedType.Of(ResourceType.ReplicaSets) with { IsCreated = false },
        .. Types.Where(t => t != ResourceType.Deployments).Reverse().Select(OwnedType.Of),
    ];

    /// <inheritdoc/>
    public bool Handles(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Documents.Any(d => d.Kind == ResourceType.Deployments.Kind);
    }

    /// <inheritdoc/>
    public Graph Build(Manifest manifest, string name, Deployment deployment, GraphOwner owner, IReadOnlyList<string> servedVersions)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(deployment);
        var original = OriginalName(manifest);
        var rename = new GraphRename(original, name, manifest.Documents.Where(d => d.Kind == ResourceType.Services.Kind)
            .Select(d => (d.Body["metadata"] as JsonObject)?["name"]?.ToString()).OfType<string>().ToHashSet(StringComparer.Ordinal));
        var services = ImmutableArray.CreateBuilder<GraphService>();
        var changes = new List<GraphChange>();
        var objects = new List<GraphObject>();
        var warnings = new List<Diagnostic>();
        foreach (var document in manifest.Documents)
        {
            var type = Types.FirstOrDefault(t => t.Kind == document.Kind && t.ApiVersion == document.ApiVersion)
                ?? throw manifest.Error(
                    "FT0216",
                    document.Line,
                    $"a plain graph is made of {string.Join(", ", Types.Select(t => $"{t.Kind} ({t.ApiVersion})"))}, not of {document.Kind} ({document.ApiVersion})"
                );
            var body = rename.Apply(document.Body);
            warnings.AddRange(MissedNames(rename, manifest, document));
            var metadata = ContainerEdits.Child(body, "metadata");
            metadata.Remove("namespace");
            if (
                (metadata["name"] as JsonValue)?.GetValue<string>() is not { } made
                || !(made == name || made.StartsWith($"{name}-", StringComparison.Ordinal))
            )
            {
                throw manifest.Error("FT0217", document.Line, $"the {document.Kind}'s name does not begin with its graph's, '{original}'");
            }

            ContainerEdits.SetEntries(metadata, "labels", [.. owner.Labels, new(GraphLabels.Graph, name)]);
            if (type == ResourceType.Deployments)
            {
                services.Add(
                    EditDeployment(
                        body,
                        manifest,
                        document.Line,
                        made.Length > name.Length ? made[(name.Length + 1)..] : made,
                        name,
                        deployment,
                        owner,
                        changes
                    )
                );
            }
            else if (type == ResourceType.RoleBindings)
            {
                // A subject cannot leave its namespace out, and the manifest does not know it.
                foreach (
                    var subject in (body["subjects"] as JsonArray ?? [])
                        .OfType<JsonObject>()
                        .Where(s => s["kind"]?.GetValue<string>() == ResourceType.ServiceAccounts.Kind)
                )
                {
                    subject["namespace"] = owner.Namespace;
                }
            }

            objects.Add(new GraphObject(type, body));
        }

        // What others refer to comes first.
        ContainerEdits.RequireServices(deployment, services, manifest, manifest.Documents[0].Line);
        return new Graph(name, this, services.ToImmutable(), [.. objects.OrderBy(o => Types.IndexOf(o.Type))])
        {
            Changes = [.. changes],
            Warnings = [.. warnings],
        };
    }

    /// <inheritdoc/>
    public Readiness Judge(GraphObject asked, JsonObject current)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(current);
        if (asked.Type != ResourceType.Deployments)
        {
            return Readiness.Ready;
        }

        var generation = Number(current["metadata"], "generation");
        var status = current["status"];
        var wanted = Number(current["spec"], "replicas");
        var available = Number(status, "availableReplicas");
        return Number(status, "observedGeneration") >= generation && Number(status, "updatedReplicas") >= wanted && available >= wanted
            ? Readiness.Ready
            : new Readiness(ReadyState.Waiting, $"{available} of {wanted} replicas available");
    }

    /// <inheritdoc/>
    public GraphService? ServiceOf(V1Pod pod, string graph, ImmutableArray<GraphService> services)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var labels = pod.Metadata?.Labels;
        return
            labels is not null
            && labels.TryGetValue(GraphLabels.Graph, out var of)
            && of == graph
            && labels.TryGetValue(GraphLabels.Service, out var service)
            ? services.FirstOrDefault(s => s.Name == service)
            : null;
    }

    private static IEnumerable<Diagnostic> MissedNames(GraphRename rename, Manifest manifest, ManifestDocument document)
    {
        var pod = document.Body["spec"]?["template"]?["spec"];
        foreach (
            var argument in ContainerLists
                .SelectMany(list => (pod?[list] as JsonArray ?? []).OfType<JsonObject>())
                .SelectMany(container => ArgumentLists.SelectMany(key => container[key] as JsonArray ?? []))
                .OfType<JsonValue>()
        )
        {
            if (argument.TryGetValue<string>(out var text) && rename.Missed(text) is { } service)
            {
                yield return new Diagnostic(
                    "FT0224",
                    Severity.Warning,
                    $"the argument '{ForeignText.Line(text, LongestArgument)}' names the Service '{service}', which will have another name in each row; "
                        + "arguments stay as written: put the host name into a variable and write $(NAME) here")
                {
                    File = manifest.File,
                    Line = manifest.LineOf(document, text),
                };
            }
        }
    }

    private static string OriginalName(Manifest manifest)
    {
        var names = manifest.Documents.Select(d => (d.Line, Name: Label(d.Body["metadata"], GraphLabels.Graph))).ToArray();
        var first = names[0].Name;
        var odd = names.FirstOrDefault(n => string.IsNullOrEmpty(n.Name) || n.Name != first, (Line: 0, Name: first));
        return odd.Line == 0 && first is not null
            ? first
            : throw manifest.Error(
                "FT0217",
                odd.Line == 0 ? names[0].Line : odd.Line,
                $"every object of a plain graph carries the label {GraphLabels.Graph} with the same value"
            );
    }

    private static GraphService EditDeployment(
        JsonObject body,
        Manifest manifest,
        int line,
        string serviceName,
        string name,
        Deployment deployment,
        GraphOwner owner,
        List<GraphChange> changes
    )
    {
        var spec = ContainerEdits.Child(body, "spec");
        var pods = ContainerEdits.Child(spec, "template", "metadata");
        var role = Label(body["metadata"], GraphLabels.Role)
            ?? Label(pods, GraphLabels.Role)
            ?? throw manifest.Error(
                "FT0217",
                line,
                $"Deployment '{serviceName}' has no label {GraphLabels.Role} (frontend, decode, prefill)"
            );
        var service = new GraphService(
            serviceName,
            role,
            ContainerEdits.SetReplicas(spec, serviceName, deployment.ReplicasFor(serviceName, role), changes)
        )
        {
            Module = EngineModule.Of(EngineModule.Words(Own(spec))),
        };
        ContainerEdits.SetEntries(
            pods,
            "labels",
            [.. owner.Labels, new(GraphLabels.Graph, name), new(GraphLabels.Service, serviceName), new(GraphLabels.Role, role)]
        );
        if (spec["template"]?["spec"]?["containers"] is not JsonArray { Count: > 0 } containers)
        {
            throw manifest.Error("FT0217", line, $"Deployment '{serviceName}' has no containers");
        }

        var main = containers.OfType<JsonObject>().FirstOrDefault(c => c["name"]?.GetValue<string>() == "main")
            ?? containers[0]!.AsObject();
        foreach (var container in containers.OfType<JsonObject>())
        {
            ContainerEdits.SetEnvironment(container, "env", deployment.Overlay.Environment);
        }

        PlainImages(containers, main, deployment, serviceName, role);
        if (deployment.TensorParallel > 1 && service.Serves && role != GraphRoles.Frontend)
        {
            ContainerEdits.SetTensorParallel(main, deployment.TensorParallel);
        }

        foreach (var key in new[] { role, serviceName }.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (deployment.EnvironmentOf.TryGetValue(key, out var variables))
            {
                ContainerEdits.SetEnvironment(main, "env", variables);
            }

            if (deployment.ArgumentsOf.TryGetValue(key, out var arguments))
            {
                ContainerArguments.Set(main, arguments);
            }
        }

        foreach (var patch in ContainerEdits.PatchesFor(deployment.Overlay.Services, service))
        {
            MergePatch.Apply(main, patch);
        }

        return service;
    }

    private static JsonObject Own(JsonObject spec)
    {
        var containers = (spec["template"]?["spec"]?["containers"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        return Array.Find(containers, c => c["name"]?.ToString() == "main") ?? containers.FirstOrDefault() ?? [];
    }

    private static void PlainImages(JsonArray containers, JsonObject main, Deployment deployment, string service, string role)
    {
        if (deployment.ImageFor(service, role) is { } image)
        {
            var before = main["image"]?.ToString();
            foreach (var container in containers.OfType<JsonObject>().Where(c => before is not null && c["image"]?.ToString() == before)
                .Append(main))
            {
                container["image"] = image;
            }
        }

        foreach (var container in containers.OfType<JsonObject>())
        {
            if (container["name"] is JsonValue name && deployment.ContainerImages.TryGetValue(name.ToString(), out var own))
            {
                container["image"] = own;
            }
        }
    }

    private static string? Label(JsonNode? metadata, string label) => metadata?["labels"]?[label]?.GetValue<string>();

    private static long Number(JsonNode? holder, string property) =>
        holder?[property] is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;
}
