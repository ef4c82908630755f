using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Tests.Deployments;

/// <summary>A plain graph whose object can say of itself that it failed, as Dynamo's does.</summary>
internal sealed class FailingGraphKind : IGraphKind
{
    private readonly PlainGraphKind _plain = new();

    public string Name => _plain.Name;

    public ImmutableArray<OwnedType> Owned => _plain.Owned;

    public bool Handles(Manifest manifest) => _plain.Handles(manifest);

    public Graph Build(Manifest manifest, string name, Deployment deployment, GraphOwner owner, IReadOnlyList<string> servedVersions) =>
        _plain.Build(manifest, name, deployment, owner, servedVersions);

    public Readiness Judge(GraphObject asked, JsonObject current) => current["status"]?["state"]?.GetValue<string>() == "failed"
        ? new Readiness(ReadyState.Failed, "it says so") { Word = "failed" }
        : _plain.Judge(asked, current) with { Word = "well" };

    public GraphService? ServiceOf(V1Pod pod, string graph, ImmutableArray<GraphService> services) =>
        _plain.ServiceOf(pod, graph, services);
}
