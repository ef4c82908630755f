using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>pod</c>: something happened to a pod of the graph, by its status.</summary>
internal sealed record PodChanged : TimelineEvent
{
    internal const string EventName = "pod";
    private readonly string? _unknown;

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>The pod's service in the graph.</summary>
    public required string? Service { get; init; }

    /// <summary>The pod.</summary>
    public required string? Pod { get; init; }

    /// <summary>Its uid.</summary>
    public required string? Uid { get; init; }

    /// <summary>What happened; null where it is a word that this version does not know.</summary>
    public required PodChange? Change { get; init; }

    /// <summary>What happened, in the file's word; null where the line has none.</summary>
    public string? ChangeText => Change is { } change ? change.ToText() : _unknown;

    /// <summary>The container it happened to; null when to the pod.</summary>
    public string? Container { get; init; }

    /// <summary>Restarts of the container, of the whole pod otherwise.</summary>
    public required long? Restarts { get; init; }

    /// <summary>Exit code of a container that ended.</summary>
    public long? ExitCode { get; init; }

    /// <summary>The cluster's reason.</summary>
    public string? Reason { get; init; }

    /// <summary>The cluster's own stamp of it, UTC ticks.</summary>
    public long? StatusAt { get; init; }

    /// <summary>
    /// True for a pod of a replica of several nodes that is not the one that serves: it is no capacity of its own. Null for any other.
    /// </summary>
    public bool? Headless { get; init; }

    /// <summary>
    /// The revision of its service that it was made of, by the hash that its controller gave it; only on its first event, and null where
    /// it has none.
    /// </summary>
    public string? Revision { get; init; }

    /// <summary>
    /// When it happened, UTC ticks: the cluster's own stamp where that is finer than a second, as the local cluster's is, since the watch
    /// on a busy machine hears of it later; else the runner's. Kubernetes itself stamps whole seconds, of another machine's clock.
    /// </summary>
    public override long Happened => IsExact ? StatusAt!.Value : At;

    /// <summary>Whether the cluster's own stamp tells the instant, finer than to the second.</summary>
    public bool IsExact => StatusAt is { } stamp && stamp % TimeSpan.TicksPerSecond != 0 && stamp <= At;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Id("service", Service);
        json.Id("pod", Pod);
        json.Id("uid", Uid);
        json.Text("change", ChangeText);
        json.Id("container", Container);
        json.Whole("restarts", Restarts);
        json.Whole("exitCode", ExitCode);
        json.Text("reason", Reason);
        json.Stamp("statusAt", StatusAt);
        json.Truth("headless", Headless);
        json.Id("revision", Revision);
    }

    internal static PodChanged Read(EventKeys keys) => new(keys["change"])
    {
        Service = keys["service"],
        Pod = keys["pod"],
        Uid = keys["uid"],
        Container = keys["container"],
        Restarts = keys.Whole("restarts"),
        ExitCode = keys.Whole("exitCode"),
        Reason = keys["reason"],
        StatusAt = keys.Stamp("statusAt"),
        Headless = keys.Truth("headless"),
        Revision = keys["revision"],
    };

    /// <summary>An event without any of its values.</summary>
    public PodChanged()
    {
    }

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private PodChanged(string? change) => (Change, _unknown) = (PodChanges.Parse(change), change);
}
