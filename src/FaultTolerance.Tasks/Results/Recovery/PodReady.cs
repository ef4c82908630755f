using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Recovery;

/// <summary>When a pod of the service that was hit first became ready by its status.</summary>
internal sealed class PodReady : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "pod_ready";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Pod\nReady";

    /// <inheritdoc/>
    public override string Title => "Pod ready";

    /// <inheritdoc/>
    public override string Legend => "a pod of the service that was hit is ready again; none where it never stopped being so";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input) => input.First(input.PodsAfter(PodChange.Ready));
}
