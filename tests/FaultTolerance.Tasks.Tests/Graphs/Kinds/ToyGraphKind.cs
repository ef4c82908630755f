using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// A kind of graph that nobody has: one Toy, whose operator makes pods and Strings. It shows what a new kind costs: this file.
/// </summary>
internal sealed class ToyGraphKind : IGraphKind
{
    public static ResourceType Toys { get; } = new("toys.example", "v2", "toys", "Toy");

    public string Name => "Toys";

    public ImmutableArray<OwnedType> Owned { get; } =
    [new("toys.example", null, "toys", "Toy"), new("toys.example", null, "strings", "String") { IsCreated = false }];

    public bool Handles(Manifest manifest) => manifest.Documents.Any(d => d.Kind == "Toy");

    public Graph Build(Manifest manifest, string name, Deployment deployment, GraphOwner owner, IReadOnlyList<string> servedVersions)
    {
        var body = manifest.Documents[0].Body.DeepClone().AsObject();
        body["metadata"]!["name"] = name;
        ContainerEdits.SetEntries(body["metadata"]!.AsObject(), "labels", owner.Labels);
        return new Graph(name, this, [new GraphService("toy", GraphRoles.Frontend, 1)], [new GraphObject(Toys, body)]);
    }

    public Readiness Judge(GraphObject asked, JsonObject current) =>
        current["wound"]?.GetValue<bool>() == true ? Readiness.Ready : new Readiness(ReadyState.Waiting, "not wound up");

    public GraphService? ServiceOf(V1Pod pod, string graph, ImmutableArray<GraphService> services) =>
        pod.Metadata?.Labels?.TryGetValue("toy", out var of) == true && of == graph ? services[0] : null;
}
