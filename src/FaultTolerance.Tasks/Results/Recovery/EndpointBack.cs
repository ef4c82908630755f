namespace FaultTolerance.Results.Recovery;

/// <summary>When an endpoint of the service that was hit was first ready again.</summary>
internal sealed class EndpointBack : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "endpoint_back";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Endpoint\nBack";

    /// <inheritdoc/>
    public override string Title => "Endpoint back";

    /// <inheritdoc/>
    public override string Legend => "an endpoint of that service is ready again";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input) => input.First(input.EndpointsAfter(ready: true));
}
