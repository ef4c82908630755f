namespace FaultTolerance.Results.Recovery;

/// <summary>When the cluster first showed that something is wrong with the service that was hit: not ready, ended, restarted, or its endpoint gone.</summary>
public sealed class FirstNotice : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "first_notice";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input) => input.First(
        input.After("pod", "not_ready", "container_terminated", "restarted", "terminating", "deleted")
            .Concat(input.After("endpoint", "false"))
            .OrderBy(item => item.At));
}
