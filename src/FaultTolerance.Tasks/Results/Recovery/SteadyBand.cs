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
        return Of<RequestSample>(input.Requests, input.MeasuredFrom, input.Zero, Math.Max(1, input.SteadyFor.Ticks / 5)) is { } normal
            ? new(normal)
            : null;
    }

    /// <summary>Median of its answers' time, ticks.</summary>
    public long Typical => Times[Times.Length / 2];

    /// <summary>Whether an answered request took longer than is normal.</summary>
    public bool IsLate(in RequestSample request) => request.End - request.Start > Limit;

    /// <summary>
    /// When a late request must have been taken up, had it then been served as is normal. Of many late ones the last is one whose answer
    /// took long anyway: the more there are, the longer the time that is taken for normal.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="late">How many are late.</param>
    public long Served(in RequestSample request, int late) =>
        Math.Max(request.Start, request.End - Times[(int)((1 - (0.5 / Math.Max(1, late))) * (Times.Length - 1))]);
}
