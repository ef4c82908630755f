using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>load.pod</c>: a pod of the load's Job starts to send its share.</summary>
internal sealed record LoadPodStarted : TimelineEvent
{
    internal const string EventName = "load.pod";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>The pod.</summary>
    public required string? Pod { get; init; }

    /// <summary>Its node.</summary>
    public required string? Node { get; init; }

    /// <summary>Its index in the Job.</summary>
    public required long? Index { get; init; }

    /// <summary>The first of its clients.</summary>
    public required long? FirstClient { get; init; }

    /// <summary>How many clients it stands for.</summary>
    public required long? Clients { get; init; }

    /// <summary>Seconds, the pod's clock minus the API server's.</summary>
    public double? Offset { get; init; }

    /// <summary>Seconds, half the width of the interval that the offset lies in.</summary>
    public double? Uncertainty { get; init; }

    /// <summary>Seconds by which its stamps may be off the run's clock: half of the shortest round trip.</summary>
    public double? StampUncertainty { get; init; }

    /// <summary>Seconds from the instant that was named for the start to its own.</summary>
    public double? Late { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Id("pod", Pod);
        json.Id("node", Node);
        json.Whole("index", Index);
        json.Whole("firstClient", FirstClient);
        json.Whole("clients", Clients);
        json.Number("offset", Rounded(Offset));
        json.Number("uncertainty", Rounded(Uncertainty));
        json.Number("stampUncertainty", Rounded(StampUncertainty));
        json.Number("late", Rounded(Late));
    }

    internal static LoadPodStarted Read(EventKeys keys) => new()
    {
        Pod = keys["pod"],
        Node = keys["node"],
        Index = keys.Whole("index"),
        FirstClient = keys.Whole("firstClient"),
        Clients = keys.Whole("clients"),
        Offset = keys.Seconds("offset"),
        Uncertainty = keys.Seconds("uncertainty"),
        StampUncertainty = keys.Seconds("stampUncertainty"),
        Late = keys.Seconds("late"),
    };

    internal static double? Rounded(double? seconds) => seconds is { } known ? Math.Round(known, 6) : null;
}

/// <summary><c>load.spread</c>: all pods of the load's Job have started.</summary>
internal sealed record LoadPodsStarted : TimelineEvent
{
    internal const string EventName = "load.spread";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>How many pods.</summary>
    public required long? Pods { get; init; }

    /// <summary>Seconds from the first pod's start to the last one's, on the run's clock.</summary>
    public required double? Spread { get; init; }

    /// <summary>Seconds by which that may be off: both pods' stamps.</summary>
    public required double? Uncertainty { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Whole("pods", Pods);
        json.Number("spread", LoadPodStarted.Rounded(Spread));
        json.Number("uncertainty", LoadPodStarted.Rounded(Uncertainty));
    }

    internal static LoadPodsStarted Read(EventKeys keys) => new()
    {
        Pods = keys.Whole("pods"),
        Spread = keys.Seconds("spread"),
        Uncertainty = keys.Seconds("uncertainty"),
    };
}

/// <summary><c>load.pod_lost</c>: a pod of the load's Job ended before its share was sent, or before its logs were fetched.</summary>
internal sealed record LoadPodLost : TimelineEvent
{
    internal const string EventName = "load.pod_lost";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>The pod.</summary>
    public required string? Pod { get; init; }

    /// <summary>Its index in the Job.</summary>
    public required long? Index { get; init; }

    /// <summary>How it was lost.</summary>
    public required string? Reason { get; init; }

    /// <summary>Requests of its share of which nothing is known; they are recorded as not sent.</summary>
    public required long? NotSent { get; init; }

    /// <summary>Requests of its share.</summary>
    public required long? Planned { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Id("pod", Pod);
        json.Whole("index", Index);
        json.Text("reason", Reason);
        json.Whole("notSent", NotSent);
        json.Whole("planned", Planned);
    }

    internal static LoadPodLost Read(EventKeys keys) => new()
    {
        Pod = keys["pod"],
        Index = keys.Whole("index"),
        Reason = keys["reason"],
        NotSent = keys.Whole("notSent"),
        Planned = keys.Whole("planned"),
    };
}
