using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>A way of describing a graph in manifests. A new one is one class and one entry in <see cref="GraphKinds"/>.</summary>
internal interface IGraphKind
{
    /// <summary>Its name, for messages and run.json.</summary>
    string Name { get; }

    /// <summary>
    /// The types of object that its graphs consist of, in the order of their removal: owners before what they own, which would be made
    /// anew.
    /// Pods need not be named; they are looked for in any case, and last.
    /// </summary>
    ImmutableArray<OwnedType> Owned { get; }

    /// <summary>Whether the manifest is of this kind.</summary>
    bool Handles(Manifest manifest);

    /// <summary>Makes the graph: the manifest with the deployment's changes in it.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="deployment">The changes.</param>
    /// <param name="owner">Labels.</param>
    /// <param name="servedVersions">Versions that the cluster serves of the group of those <see cref="Owned"/> types that have no version
    /// of their own.</param>
    Graph Build(Manifest manifest, string name, Deployment deployment, GraphOwner owner, IReadOnlyList<string> servedVersions);

    /// <summary>Whether an object of the graph is as it should be, from its state in the cluster.</summary>
    Readiness Judge(GraphObject asked, JsonObject current);

    /// <summary>
    /// How many replicas each service of the graph is to have now, from its state in the cluster; empty where it does not say.
    /// </summary>
    IEnumerable<(string Service, long Replicas)> ReplicasIn(JsonObject current) => [];

    /// <summary>What makes the pods of the graph, by its state in the cluster; null where it does not say.</summary>
    string? ProviderOf(JsonObject current) => null;

    /// <summary>The service a pod belongs to by its labels; null when they do not say so.</summary>
    GraphService? ServiceOf(V1Pod pod, string graph, ImmutableArray<GraphService> services);
}

/// <summary>Whether an object is ready.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Reason">Why it is not ready; empty when it is.</param>
internal readonly record struct Readiness(ReadyState State, string Reason)
{
    /// <summary>The object's own word for its state; null where its kind has none.</summary>
    public string? Word { get; init; }

    /// <summary>It is.</summary>
    public static Readiness Ready { get; } = new(ReadyState.Ready, "");
}

/// <summary>How an object stands.</summary>
internal enum ReadyState
{
    /// <summary>Not yet.</summary>
    Waiting,

    /// <summary>As asked.</summary>
    Ready,

    /// <summary>It says itself that it failed.</summary>
    Failed,
}
