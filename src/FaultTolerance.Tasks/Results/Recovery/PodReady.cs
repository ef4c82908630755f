namespace FaultTolerance.Results.Recovery;

/// <summary>When a pod of the service that was hit first became ready by its status.</summary>
public sealed class PodReady : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "pod_ready";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input) => input.First(input.After("pod", "ready"));
}
