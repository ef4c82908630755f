

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// When the first request was sent that succeeded again, after one had been lost. How long its answer took is latency. Traffic may have
/// moved to another replica.
/// </summary>
internal sealed class FirstSuccess : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "first_success";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "First\nSuccess";

    /// <inheritdoc/>
    public override string Title => "First success";

    /// <inheritdoc/>
    public override string Legend => "the send of the first request after that which was answered, maybe by another replica";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.IsFelt)
        {
            return Measured.Unknown;
        }

        if (input.Harm.Lost.IsEmpty)
        {
            return Measured.NotNeeded;
        }

        for (
            var i = HarmRule.FirstSentAfter(input.Requests, input.Harm.Lost.Min(lost => Felt(input, lost.At, lost.Request)));
            i < input.Requests.Length;
            i++
        )
        {
            ref readonly var request = ref input.Requests[i];
            if (request.Ok)
            {
                return Measured.Of(request.Start - input.Zero, request.Told);
            }
        }

        return Measured.AtLeast(input.LastSent - input.Zero, input.ClientsEnd);
    }

    // Between order and proof the service answers still. What was sent until then was lost when it ended, or when the fault had landed.
    private static long Felt(RecoveryInput input, long lost, RequestSample request) =>
        Math.Max(lost, Math.Min(request.End, input.Landed ?? (request.Start >= input.Zero ? lost : request.End)));
}
