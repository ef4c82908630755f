using System.Globalization;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// Downtime that the losses amount to: requests failed after the fault ÷ requests a second offered. (RFC 6413's loss-derived time, with
/// requests for packets.) An open loop offers the same throughout, and all of it tells the rate; a closed loop's clients offer less while
/// the service is down, so what they offered before counts, and this falls short.
/// </summary>
internal sealed class DowntimeFromLosses : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "downtime_from_losses";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Downtime From\nLosses";

    /// <inheritdoc/>
    public override string Title => "Downtime from losses";

    /// <inheritdoc/>
    public override string Legend => "requests lost ÷ rate offered before";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        var (from, lost) = (input.NormalUntil, input.Harm.Lost.Length);
        var (offered, first, last) = (0L, long.MaxValue, long.MinValue);
        foreach (ref readonly var request in input.Requests.AsSpan())
        {
            if (request.Start >= input.MeasuredFrom && (input.IsOpenLoop || request.Start < from))
            {
                (offered, first, last) = (offered + 1, Math.Min(first, request.Start), Math.Max(last, request.Start));
            }        }

        if (offered < 2 || !input.IsFelt)
        {
            return Measured.Unknown;
        }

        // A plan's span is that between its requests; the part before the fault is cut off by the fault.
        var (gaps, span) = input.IsOpenLoop ? (offered - 1, last - first) : (offered, from - first);
        if (span <= 0)
        {
            return Measured.Unknown;
        }

        return lost == 0
            ? Measured.NotNeeded
            : Measured.Of(
                (long)((double)lost * span / gaps),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{lost} requests lost of {gaps / TimeSpan.FromTicks(span).TotalSeconds:0.#} a second offered"
                )
            );
    }
}
