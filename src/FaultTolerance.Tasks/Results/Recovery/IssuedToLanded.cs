namespace FaultTolerance.Results.Recovery;

/// <summary>From the command to its proof: landed − issued, of the first fault. How long the injector took, not the service.</summary>
public sealed class IssuedToLanded : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "issued_to_landed";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input) => input.Issued is { } issued ? Measured.Of(input.Zero - issued, "fault.issued to fault.landed") : Measured.Unknown;
}
