namespace FaultTolerance.Results.Recovery;

/// <summary>From the command to its proof: landed − issued, of the first fault. How long the injector took, not the service.</summary>
public sealed class IssuedToLanded : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "issued_to_landed";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Issued To\nLanded";

    /// <inheritdoc/>
    public override string Title => "Issued to landed";

    /// <inheritdoc/>
    public override string Legend => "from the command to its proof: the injector, not the service";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input) => input.Issued is { } issued ? Measured.Of(input.Zero - issued, "fault.issued to fault.landed") : Measured.Unknown;
}
