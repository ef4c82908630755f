namespace FaultTolerance.Results.Recovery;

/// <summary>
/// When the cluster first showed that something is wrong with the service that was hit: not ready, ended, restarted, or its endpoint gone.
/// </summary>
internal sealed class FirstNotice : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "first_notice";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "First\nNotice";

    /// <inheritdoc/>
    public override string Title => "First notice";

    /// <inheritdoc/>
    public override string Legend => "the cluster first shows that something is wrong";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input) => input.First(input.Troubles);
}
