namespace FaultTolerance.Results.Recovery;

/// <summary>
/// The reference suite's ready text in a log of the service that was hit, the first after the fault. (The legacy column takes the last,
/// in any service.)
/// </summary>
public sealed class EngineInitialised : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "engine_initialised";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input)
    {
        var first = input.ReadyLines
            .Where(line => line.At > input.From && (input.Service is null || line.Service == input.Service))
            .Select(line => (long?)line.At)
            .Min();
        return first is { } at ? Measured.Of(at - input.Zero)
            : input.ReadyLines.IsEmpty ? Measured.Unknown
            : Measured.AtLeast(input.ClusterEnd - input.Zero);
    }
}
