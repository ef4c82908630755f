namespace FaultTolerance.Results.Recovery;

/// <summary>
/// The reference suite's ready text in a log of the service that was hit, the first after the fault. (The legacy column takes the last,
/// in any service.)
/// </summary>
internal sealed class EngineInitialised : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "engine_initialised";

    private const string Silence = "this engine writes no ready text";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Engine\nInitialised";

    /// <inheritdoc/>
    public override string Title => "Engine initialised";

    /// <inheritdoc/>
    public override string Legend => "first ready text in a log of the service that was hit";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        var first = input.ReadyLines
            .Where(line => line.At > input.Zero && (input.Service is null || line.Service == input.Service))
            .MinBy(line => line.At);
        return first is not null ? Measured.Of(first.At - input.Zero, $"ready text of {first.Pod}")
            : input.Service is { } service
                && input.Silent.Contains(service, StringComparer.Ordinal) ? Measured.Unknown with { Event = Silence }
            : input.ReadyLines.IsEmpty ? Measured.Unknown
            : input.IsUntroubled ? Measured.NotNeeded
            : Measured.AtLeast(input.ClusterEnd - input.Zero, input.WatchEnd);
    }
}
