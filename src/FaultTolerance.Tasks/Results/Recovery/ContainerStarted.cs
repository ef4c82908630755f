namespace FaultTolerance.Results.Recovery;

/// <summary>When a container of the service that was hit first started again, in place or in a new pod.</summary>
public sealed class ContainerStarted : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "container_started";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input) => input.First(input.After("pod", "container_started"));
}
