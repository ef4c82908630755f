using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>What a deployment and its profile change in a DynamoGraphDeployment, each step noted with the key that asks for it.</summary>
/// <param name="body">The object.</param>
/// <param name="shape">Where it keeps things.</param>
/// <param name="deployment">What is asked for.</param>
internal sealed class DynamoEdits(JsonObject body, DynamoShape shape, Deployment deployment)
{
    private readonly ChangeLedger _ledger = new(body);
    private readonly JsonObject _spec = ContainerEdits.Child(body, "spec");

    /// <summary>What was changed.</summary>
    public IReadOnlyList<GraphChange> Changes => _ledger.Changes;

    /// <summary>The Dynamo namespace that it shares with other graphs; null where it has one of its own.</summary>
    public string? SharedNamespace { get; private set; }

    /// <summary>Makes the graph the row's own: name, labels, Dynamo namespace, names of what stands beside it.</summary>
    public void Own(string name, GraphOwner owner, DynamoCompanions companions)
    {
        ArgumentNullException.ThrowIfNull(companions);
        const string Key = "a row's graph is its own";
        var metadata = ContainerEdits.Child(body, "metadata");
        var before = metadata["name"]?.ToString();
        _ledger.Step(Key, () =>
        {
            metadata["name"] = name;
            metadata.Remove("namespace");
            ContainerEdits.SetEntries(metadata, "labels", owner.Labels);
            foreach (var (_, service) in shape.Services)
            {
                ContainerEdits.SetEntries(shape.PodMetadata(service), "labels", owner.Labels);
            }
        }, _ => $"name {name} instead of {before}; labels of run and row on the graph and its pods");
        _ledger.Step(Key, () => companions.Follow(_spec), paths => $"names of objects beside it: {string.Join(", ", paths)}");
        var spaces = new DynamoNamespaces(name, !shape.Components);
        _ledger.Step(Key, () => shape.Services.ToList().ForEach(s => spaces.Set(s.Value)), _ => spaces.Text);
        _spaces = spaces;
    }

    private DynamoNamespaces? _spaces;

    /// <summary>Makes what deployment and profile ask for, and returns the services.</summary>
    /// <exception cref="FaultMatrixException">FT0220, FT0231: a service is named that is not there, or may not be changed so.</exception>
    public ImmutableArray<GraphService> Change(Manifest manifest, int line)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var services = ImmutableArray.CreateBuilder<GraphService>();
        _ledger.Step(
            "environment of the profile",
            () => ContainerEdits.SetEnvironment(_spec, shape.EnvironmentProperty, deployment.Overlay.Environment),
            _ => $"variables {string.Join(", ", deployment.Overlay.Environment.Keys)}");
        foreach (var (name, service) in shape.Services)
        {
            var made = Service(name, service, manifest, line);
            services.Add(made);
            Image(made, service);
            TensorParallel(made, service);
            Named(made, service);
            foreach (var patch in ContainerEdits.PatchesFor(deployment.Overlay.Services, made))
            {
                _ledger.Step("services of the profile", () => shape.Apply(service, patch));
            }
        }

        ContainerEdits.RequireServices(deployment, services, manifest, line);
        var containers = shape.Services.SelectMany(s => shape.Images(s.Value).Select(i => i.Container))
            .Distinct(StringComparer.Ordinal).ToArray();
        if (deployment.ContainerImages.Keys.FirstOrDefault(key => !containers.Contains(key, StringComparer.Ordinal)) is { } missing)
        {
            throw manifest.Error(
                "FT0220", line,
                    $"--image names the container '{missing}', and there is none of that name; there are {string.Join(", ", containers)}");
        }

        SharedNamespace = _spaces?.Shared([.. shape.Services.Select(s => s.Value)], _spec);
        return services.ToImmutable();
    }

    private GraphService Service(string name, JsonObject service, Manifest manifest, int line)
    {
        var role = shape.RoleOf(name, service);
        var own = shape.OwnContainer(service);
        var made = new GraphService(name, role, 1)
        {
            Nodes = DynamoShape.NodesOf(service),
            Sidecar = shape.SidecarOf(service),
            NeedsGateway = shape.NeedsGateway(service),
            Module = role == GraphRoles.Frontend ? "dynamo.frontend" : Module(service, own),
        };
        var asked = deployment.ReplicasFor(name, role);
        if (!made.Serves || DynamoShape.Scales(service))
        {
            // Its number is not this tool's to choose.
            if (deployment.ReplicasOf.Keys.FirstOrDefault(key => Is(key, name) || (!made.Serves && Is(key, role))) is { } key)
            {
                throw manifest.Error(
                    "FT0231", line,
                    $"deployment '{deployment.Name}' asks for replicas of '{key}', and {name} ({role}) keeps the manifest's number: "
                    + (DynamoShape.Scales(service) ? "it has a scalingAdapter, by which its planner scales it"
                        : "only frontends and workers are scaled"));
            }

            asked = null;
        }

        var replicas = 1;
        var said = new List<GraphChange>();
        _ledger.Step("replicas", () => replicas = ContainerEdits.SetReplicas(service, name, asked, said), _ => said.Count > 0 ? said[0].Text
            : name);
        return made with { Replicas = replicas };
    }

    // Where the component's own container runs no engine, another container of the pod does.
    private string? Module(JsonObject service, JsonObject? own)
    {
        var modules = shape.Containers(service).Where(c => !ReferenceEquals(c, own)).Prepend(own)
            .OfType<JsonObject>().Select(c => EngineModule.Of(EngineModule.Words(c))).OfType<string>().ToArray();
        return modules.FirstOrDefault(m => EngineModule.EngineOf(m) is not null) ?? modules.FirstOrDefault();
    }

    private void Image(GraphService made, JsonObject service)
    {
        var byName = deployment.ImageFor(made.Name, made.Role) is { } named && named != deployment.Image;
        var image = byName || made.Serves ? deployment.ImageFor(made.Name, made.Role) : null;
        if (image is not null)
        {
            var before = (shape.OwnContainer(service)?["image"] as JsonValue)?.ToString();
            _ledger.Step(byName ? "image" : "--image, image", () =>
            {
                shape.Container(service)["image"] = image;
                foreach (var (_, holder) in shape.Images(service).Where(i => before is not null && i.Holder["image"]?.ToString() == before))
                {
                    holder["image"] = image;
                }
            }, _ => $"{made.Name}: image {image} instead of {before ?? "none"}");
        }

        foreach (var (container, holder) in shape.Images(service).Where(i => deployment.ContainerImages.ContainsKey(i.Container)))
        {
            var before = holder["image"]?.ToString();
            _ledger.Step(
                "--image", () => holder["image"] = deployment.ContainerImages[container],
                _ => $"{made.Name}, container {container}: image {holder["image"]} instead of {before ?? "none"}");
        }
    }

    private void TensorParallel(GraphService made, JsonObject service)
    {
        if (deployment.TensorParallel > 1 && made.Role is GraphRoles.Decode or GraphRoles.Prefill && !DynamoShape.Scales(service))
        {
            _ledger.Step("tensorParallel", () =>
            {
                ContainerEdits.SetTensorParallel(shape.Container(service), deployment.TensorParallel);
                shape.SetGpus(service, deployment.TensorParallel);
            }, paths => string.Create(
                CultureInfo.InvariantCulture,
                    $"{made.Name}: tensor parallel size {deployment.TensorParallel} in {string.Join(", ", paths)}"));
        }
    }

    private void Named(GraphService made, JsonObject service)
    {
        foreach (var variables in For(deployment.EnvironmentOf, made))
        {
            _ledger.Step("env", () => shape.SetEnvironment(service, variables),
                _ => $"{made.Name}: variables {string.Join(", ", variables.Keys)}");
        }

        foreach (var arguments in For(deployment.ArgumentsOf, made))
        {
            _ledger.Step(
                "args", () => ContainerArguments.Set(shape.Container(service), arguments),
                    _ => $"{made.Name}: arguments {string.Join(' ', arguments)}");
        }
    }

    private static IEnumerable<T> For<T>(ImmutableSortedDictionary<string, T> map, GraphService service)
    {
        foreach (var key in new[] { service.Role, service.Name }.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (map.TryGetValue(key, out var value))
            {
                yield return value;
            }
        }
    }

    private static bool Is(string key, string name) => string.Equals(key, name, StringComparison.OrdinalIgnoreCase);
}
