using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Recovery;

/// <summary>When a container of the service that was hit first started again, in place or in a new pod.</summary>
internal sealed class ContainerStarted : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "container_started";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Container\nStarted";

    /// <inheritdoc/>
    public override string Title => "Container started";

    /// <inheritdoc/>
    public override string Legend => "in place or in a new pod";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input) => input.First(input.PodsAfter(PodChange.ContainerStarted));
}
