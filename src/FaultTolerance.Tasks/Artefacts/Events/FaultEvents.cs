using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>fault.issued</c>: the fault is about to be done.</summary>
internal sealed record FaultIssued : FaultEvent
{
    internal const string EventName = Prefix + "issued";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>What is particular about how it is done.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it is this tool's own way to the frontends that it breaks; written where it is.</summary>
    public bool OwnWay { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        base.WriteKeys(json);
        json.Text("note", Note);
        json.Truth("ownWay", OwnWay ? true : null);
    }

    internal static FaultIssued Read(EventKeys keys) =>
        Read(keys, new FaultIssued { Note = keys["note"], OwnWay = keys.Truth("ownWay") ?? false });
}

/// <summary><c>fault.landed</c>: the fault is proven; its stamp is when it took effect.</summary>
internal sealed record FaultLanded : FaultEvent
{
    internal const string EventName = Prefix + "landed";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>How far the stamp may be off, in seconds; null where that is not known.</summary>
    public double? Uncertainty { get; init; }

    /// <summary>Requests that the fault itself sent beside the load; null for a fault that is none of requests.</summary>
    public long? Requests { get; init; }

    /// <summary>What the rollout was like; null for a fault that is none.</summary>
    public RolloutTold? Rollout { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        base.WriteKeys(json);
        json.Number("uncertainty", Uncertainty);
        json.Whole("requests", Requests);
        Rollout?.Write(json);
    }

    internal static FaultLanded Read(EventKeys keys) => Read(keys, new FaultLanded
    {
        Uncertainty = keys.Seconds("uncertainty"), Requests = keys.Whole("requests"), Rollout = RolloutTold.Read(keys),
    });
}

/// <summary><c>fault.unproven</c>: there is no proof of the fault; <see cref="FaultEvent.Proof"/> says why.</summary>
internal sealed record FaultUnproven : FaultEvent
{
    internal const string EventName = Prefix + "unproven";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>Why, where another tool says so apart from the proof.</summary>
    public string? Reason { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        base.WriteKeys(json);
        json.Text("reason", Reason);
    }

    internal static FaultUnproven Read(EventKeys keys) => Read(keys, new FaultUnproven { Reason = keys["reason"] });
}

/// <summary><c>fault.hit</c>: a pod that the fault takes away where its target is no pod, as one that a drain evicts.</summary>
internal sealed record FaultHit : FaultEvent
{
    internal const string EventName = Prefix + "hit";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal static FaultHit Read(EventKeys keys) => Read(keys, new FaultHit());
}

/// <summary><c>fault.replaced</c>: who took the place of a deleted pod.</summary>
internal sealed record FaultReplaced : FaultEvent
{
    internal const string EventName = Prefix + "replaced";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>The new pod.</summary>
    public required string? NewPod { get; init; }

    /// <summary>Its uid.</summary>
    public required string? NewUid { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        base.WriteKeys(json);
        json.Id("newPod", NewPod);
        json.Id("newUid", NewUid);
    }

    internal static FaultReplaced Read(EventKeys keys) =>
        Read(keys, new FaultReplaced { NewPod = keys["newPod"], NewUid = keys["newUid"] });
}

/// <summary><c>fault.container</c>: the end of the container that a kill hit, when the kubelet tells of it.</summary>
internal sealed record FaultContainerEnded : FaultEvent
{
    internal const string EventName = Prefix + "container";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>Restarts of the container.</summary>
    public required long? Restarts { get; init; }

    /// <summary>Its exit code.</summary>
    public required long? ExitCode { get; init; }

    /// <summary>The kubelet's reason.</summary>
    public required string? Reason { get; init; }

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        base.WriteKeys(json);
        json.Whole("restarts", Restarts);
        json.Whole("exitCode", ExitCode);
        json.WriteString("reason", Reason is null ? null : SecretText.Hide(Reason));
    }

    internal static FaultContainerEnded Read(EventKeys keys) => Read(
        keys, new FaultContainerEnded { Restarts = keys.Whole("restarts"), ExitCode = keys.Whole("exitCode"), Reason = keys["reason"] });
}

/// <summary><c>fault.healed</c>: a fault that lasts is undone; <see cref="FaultEvent.Proof"/> says how that was seen.</summary>
internal sealed record FaultHealed : FaultEvent
{
    internal const string EventName = Prefix + "healed";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal static FaultHealed Read(EventKeys keys) => Read(keys, new FaultHealed());
}

/// <summary><c>fault.unhealed</c>: a fault that lasts is not undone; <see cref="FaultEvent.Proof"/> says why.</summary>
internal sealed record FaultUnhealed : FaultEvent
{
    internal const string EventName = Prefix + "unhealed";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal static FaultUnhealed Read(EventKeys keys) => Read(keys, new FaultUnhealed());
}
