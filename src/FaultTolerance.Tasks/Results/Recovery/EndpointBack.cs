namespace FaultTolerance.Results.Recovery;

/// <summary>When an endpoint of the service that was hit was first ready again.</summary>
public sealed class EndpointBack : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "endpoint_back";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input) => input.First(input.After("endpoint", "true"));
}
