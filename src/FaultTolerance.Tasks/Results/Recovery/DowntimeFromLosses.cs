using System.Globalization;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// Downtime that the losses amount to: requests failed after the fault ÷ requests a second offered before it. (RFC 6413's loss-derived
/// time, with requests for packets.) In a closed loop clients offer less while the service is down, and this falls short.
/// </summary>
public sealed class DowntimeFromLosses : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "downtime_from_losses";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input)
    {
        var (from, before, start, lost) = (input.From, 0L, input.From, 0L);
        foreach (ref readonly var request in input.Requests.AsSpan())
        {
            if (request.Start < from && request.Start >= input.MeasuredFrom)
            {
                (before, start) = (before + 1, Math.Min(start, request.Start));
            }

            lost += !request.Ok && request.End >= from ? 1 : 0;
        }

        if (before < 2 || !input.IsFelt)
        {
            return Measured.Unknown;
        }

        var offered = before / TimeSpan.FromTicks(input.From - start).TotalSeconds;
        return lost == 0 ? Measured.NotNeeded : Measured.Of(
            (long)((double)lost * (input.From - start) / before), string.Create(CultureInfo.InvariantCulture, $"{lost} requests lost of {offered:0.#} a second offered"));
    }
}
