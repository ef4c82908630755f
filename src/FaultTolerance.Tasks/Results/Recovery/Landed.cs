namespace FaultTolerance.Results.Recovery;

/// <summary>From the order to the proof that the first fault happened. How long the injector and the dying took, not the service.</summary>
internal sealed class Landed : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "landed";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Landed";

    /// <inheritdoc/>
    public override string Legend => "the first proof that the fault happened";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input) =>
        input is { IsOrdered: true, Landed: { } landed }
            ? Measured.Of(landed - input.Zero, "fault.issued to fault.landed")
            : Measured.Unknown;
}
