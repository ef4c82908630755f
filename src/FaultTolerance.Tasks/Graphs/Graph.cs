using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Kinds;

namespace FaultTolerance.Graphs;

/// <summary>A graph as it is to be deployed: its services, and the objects it is made of.</summary>
/// <param name="Name">Its name in the cluster.</param>
/// <param name="Kind">What kind of graph it is.</param>
/// <param name="Services">Its services.</param>
/// <param name="Objects">What is created, in order.</param>
internal sealed record Graph(string Name, IGraphKind Kind, ImmutableArray<GraphService> Services, ImmutableArray<GraphObject> Objects)
{
    /// <summary>The run that its objects are labelled with; null where they carry no such label.</summary>
    public string? RunId =>
        Objects.Select(o => o.Body["metadata"]?["labels"]?[GraphLabels.Run]?.GetValue<string>()).FirstOrDefault(run => run is not null);

    /// <summary>What was changed in the manifest beside names and labels, for plans.</summary>
    public ImmutableArray<GraphChange> Changes { get; init; } = [];

    /// <summary>What will not be as its author meant it, for plans and before a run.</summary>
    public ImmutableArray<Diagnostic> Warnings { get; init; } = [];

    /// <summary>
    /// The Dynamo namespace that it shares with graphs of other rows on purpose; null where it has one of its own. Rows whose graphs share
    /// one are
    /// one service, and are run one at a time.
    /// </summary>
    public string? SharedNamespace { get; init; }

    /// <summary>What a run needs to deploy and remove its objects.</summary>
    public IEnumerable<Permission> Rights =>
        Kind.Owned.Where(owned => Objects.Any(o => owned.Is(o.Type))).SelectMany(owned => owned.Rights)
            .Concat(Objects.Where(o => !Kind.Owned.Any(owned => owned.Is(o.Type))).SelectMany(o => Permission.ToDeploy(o.Type)))
            .Distinct();

    /// <summary>
    /// The service that a failure means: by the service's own name, or by role. A graph of one service, an engine that serves clients
    /// itself,
    /// plays the frontend and the decoding worker at once.
    /// </summary>
    /// <exception cref="FaultMatrixException">FT0601: none, with the names there are.</exception>
    public GraphService Service(string target) =>
        Find(target)
        ?? throw new FaultMatrixException(
            "FT0601",
            $"graph '{Name}' has no service or role '{target}'; it has {string.Join(", ", Services.Select(s => $"{s.Name} ({s.Role})"))}"
        );

    /// <summary>The same; null where there is none.</summary>
    public GraphService? Find(string target) =>
        Services.FirstOrDefault(s => string.Equals(s.Name, target, StringComparison.OrdinalIgnoreCase))
        ?? Services.FirstOrDefault(s => string.Equals(s.Role, target, StringComparison.OrdinalIgnoreCase))
        ?? (target == GraphRoles.Frontend ? Services.FirstOrDefault(s => s.Sidecar is not null) : null)
        ?? (Services is [var only] && (target is GraphRoles.Frontend or GraphRoles.Decode) ? only : null);
}

/// <summary>A service of a graph.</summary>
/// <param name="Name">Its name, <c>VllmDecodeWorker</c>; artefacts lie in a folder of that name.</param>
/// <param name="Role"><c>frontend</c>, <c>decode</c>, <c>prefill</c>, or what the graph calls it.</param>
/// <param name="Replicas">Replicas asked for.</param>
internal sealed record GraphService(string Name, string Role, int Replicas)
{
    /// <summary>Pods of one replica; of several only the leader serves.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>All its pods.</summary>
    public int PodCount => Replicas * Nodes;

    /// <summary>The container of its pods that is the graph's frontend; null for none.</summary>
    public string? Sidecar { get; init; }

    /// <summary>The module or program that its own container runs, <c>dynamo.vllm</c>; null where the manifest does not say.</summary>
    public string? Module { get; init; }

    /// <summary>Whether its frontends only take requests that a gateway has chosen a worker for.</summary>
    public bool NeedsGateway { get; init; }

    /// <summary>Whether a target means its frontend: it is one, or has one in its pods and the role was named.</summary>
    public bool IsFrontendOf(string target) =>
        Role == GraphRoles.Frontend || (Sidecar is not null
            && string.Equals(target, GraphRoles.Frontend, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it takes requests or does them: a frontend or a worker.</summary>
    public bool Serves => Role is GraphRoles.Frontend or GraphRoles.Decode or GraphRoles.Prefill;
}

/// <summary>What a graph has that its manifest had otherwise, for plans.</summary>
/// <param name="Text">What it is now, and what it was: <c>VllmDecodeWorker: 2 replicas instead of 1</c>.</param>
internal sealed record GraphChange(string Text)
{
    /// <summary>The key that asked for it, <c>replicas</c>; empty where none did.</summary>
    public string Key { get; init; } = "";

    /// <summary>The paths in the object that differ from the file; empty where they were not compared.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Key.Length == 0 ? Text : $"{Text} ({Key})";
}

/// <summary>An object that a graph is made of.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Body">The object.</param>
internal sealed record GraphObject(ResourceType Type, JsonObject Body)
{
    /// <summary>Its name.</summary>
    public string Name => Body["metadata"]!["name"]!.GetValue<string>();

    /// <summary>Whether it stands beside the graph in its manifest, and is of whatever type.</summary>
    public bool IsCompanion { get; init; }

    /// <summary>Whether the run's rows share it: the first makes it, one that is there is used as it is, and no row removes it.</summary>
    public bool IsShared { get; init; }

    /// <summary>Where it stands in its manifest, <c>file:line</c>; empty where it was made.</summary>
    public string Place { get; init; } = "";
}

/// <summary>Names and labels that this tool puts on what it creates.</summary>
internal static class GraphLabels
{
    /// <summary>The tool that made it; value <see cref="ManagedByValue"/>.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>Value of <see cref="ManagedBy"/>.</summary>
    public const string ManagedByValue = "faultmatrix";

    private const string GroveOperator = "grove-operator";
    private const int LongestValue = 63;
    private const int HashLength = 8;

    /// <summary>The run.</summary>
    public const string Run = "faultmatrix.dev/run";

    /// <summary>The scenario.</summary>
    public const string Scenario = "faultmatrix.dev/scenario";

    /// <summary>The graph's name.</summary>
    public const string Graph = "faultmatrix.dev/graph";

    /// <summary>The role a pod plays: given by the author of a plain manifest.</summary>
    public const string Role = "faultmatrix.dev/role";

    /// <summary>The service's name in its manifest.</summary>
    public const string Service = "faultmatrix.dev/service";

    /// <summary>Selects what carries both labels of this tool, of one run or of any.</summary>
    public static string SelectorOf(string? runId) => $"{ManagedBy}={ManagedByValue},{(runId is null ? Run : $"{Run}={Value(runId)}")}";

    /// <summary>Whether an object is this tool's: it carries both labels, and the tool is this one.</summary>
    public static bool AreOurs(IEnumerable<KeyValuePair<string, string>>? labels)
    {
        var found = (labels ?? []).Where(l => l.Key == Run || (l.Key == ManagedBy && l.Value == ManagedByValue)).Select(l => l.Key);
        return found.Distinct(StringComparer.Ordinal).Count() == 2;
    }

    /// <summary>
    /// Whether a pod is this tool's: as <see cref="AreOurs"/>, but that where Grove makes the pods the first label names Grove, which finds
    /// its pods by it.
    /// </summary>
    public static bool AreOfOurPod(IEnumerable<KeyValuePair<string, string>>? labels) =>
        AreOurs((labels ?? []).Select(l => l is { Key: ManagedBy, Value: GroveOperator } ? new(ManagedBy, ManagedByValue) : l));

    /// <summary>
    /// A label's value holds 63 characters, begins and ends with a letter or digit, and knows no blanks or brackets. A longer text is cut
    /// and ends in a hash of the whole, so that two of one beginning have two values.
    /// </summary>
    public static string Value(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]);
        if (clean.Length > LongestValue)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
            clean = $"{clean[..(LongestValue - HashLength - 1)]}-{hash}";
        }

        return clean.Trim('-', '_', '.');
    }
}

/// <summary>Who a graph is deployed for.</summary>
/// <param name="RunId">The run's id, <c>yyyyMMdd-HHmmss-xxxx</c>.</param>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Namespace">The namespace.</param>
internal readonly record struct GraphOwner(string RunId, string Scenario, string Namespace)
{
    internal IEnumerable<KeyValuePair<string, string>> Labels =>
    [
        new(GraphLabels.ManagedBy, GraphLabels.ManagedByValue),
        new(GraphLabels.Run, GraphLabels.Value(RunId)),
        new(GraphLabels.Scenario, GraphLabels.Value(Scenario)),
    ];
}
