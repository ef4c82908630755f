namespace FaultTolerance.Results.Recovery;

/// <summary>What was normal before the fault was ordered, as the measures ask for it.</summary>
internal sealed record SteadyBand : NormalAnswers
{
    private SteadyBand(NormalAnswers normal)
        : base(normal)
    {
    }

    /// <summary>The band; null where fewer than <see cref="NormalAnswers.Fewest"/> requests were answered before the order.</summary>
    public static SteadyBand? Of(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Of<RequestSample>(
            input.Requests, input.MeasuredFrom, input.NormalUntil, Math.Max(1, input.SteadyFor.Ticks / 5)) is { } normal
            ? new(normal)
            : null;
    }
}
