using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Numbers;

namespace FaultTolerance.Results.Rates;

/// <summary>What a search for a rate came to, in a sentence.</summary>
internal static class RateWords
{
    /// <summary>What is told of a row: the rate with its interval, or why there is none, and whether the row's own load agrees.</summary>
    /// <param name="curve">The search; null for rows without one.</param>
    /// <param name="own">What the row's own load measured, which came last; null where there was none.</param>
    public static IEnumerable<string> Of(RateCurve? curve, RowNumbers? own) => curve is null ? []
        : own?.Whole is not { Goodput: { } share, Good: { } good } whole ? [Found(curve)]
        : [Found(curve), Again(curve, share, $"{good} of {whole.Requests} requests")];

    private static string Again(RateCurve curve, double share, string good) => curve.Held is not { } held
        ? $"the row's own load was at {Rate(curve.Asked.From)}, the lowest rate: {good} were good"
        : $"the row's own load was once more at {Rate(held.Rate)}, and "
            + $"{(share >= curve.Asked.Share ? "held" : "did not hold this time")}: {good} were good";

    /// <summary>The rate, or why there is none.</summary>
    public static string Found(RateCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var asked = $"{Share(curve.Asked.Share)} of the requests within {Limits(curve.Asked)}";
        var (held, broke) = (curve.Held, curve.Broke);
        var known = string.Join("; ", new[] { held is null ? null : $"{Of(held)} held", broke is null ? null : $"{Of(broke)} did not" }
            .OfType<string>());
        return curve.End switch
        {
            RateEnd.Found => $"the highest rate with {asked} lies from {Rate(held?.Rate)} to {Rate(broke?.Rate)}: {known}",
            RateEnd.HoldsAtHighest =>
                $"no rate was found that is too high: {asked} held up to {Rate(curve.Asked.To)}, the highest that was to be tried; {known}",
            RateEnd.FailsAtLowest =>
                $"no rate was found that holds: {asked} did not hold at {Rate(curve.Asked.From)}, the lowest that was to be tried; {known}",
            RateEnd.Steps => $"{Open(held, broke, asked)}, and all steps were used up: {known}",
            RateEnd.Time => $"{Open(held, broke, asked)}, and the time was up: {known}",
            RateEnd.Generator => $"{Open(held, broke, asked)}, and the load generator was beyond its limits twice at "
                + $"{Rate(curve.Steps[^1].Rate)}, which says nothing of the service ({curve.Steps[^1].Told.Reason}): "
                + (known.Length > 0 ? known : "no step can be judged"),
            _ => $"the search for the highest rate with {asked} was not ended: {(known.Length > 0 ? known : "no step can be judged")}",
        };
    }

    /// <summary>A step in few words: <c>40/s (98.1 % of 400 good, 96.2 % to 99.1 %)</c>.</summary>
    public static string Of(RateStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Goodput is not { } share ? $"{Rate(step.Rate)} (nothing to judge)"
            : $"{Rate(step.Rate)} ({Share(share)} of {step.Requests} good, {Share(step.Interval.Low)} to {Share(step.Interval.High)})";
    }

    /// <summary>A rate: <c>42.5/s</c>.</summary>
    public static string Rate(double? rate) =>
        rate is { } known ? $"{known.ToString("0.####", CultureInfo.InvariantCulture)}/s" : "unknown";

    /// <summary>Limits: <c>ttft 0.5 s, itl 0.05 s</c>.</summary>
    public static string Limits(RateSearchStarted asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return string.Join(", ", new[] { ("ttft", asked.Ttft), ("itl", asked.Itl), ("latency", asked.Latency) }
            .Where(one => one.Item2 is not null)
            .Select(one => $"{one.Item1} {one.Item2!.Value.ToString("0.####", CultureInfo.InvariantCulture)} s"));
    }

    private static string Open(RateStep? held, RateStep? broke, string asked) =>
        held is not null && broke is not null ? $"the highest rate with {asked} lies from {Rate(held.Rate)} to {Rate(broke.Rate)}"
        : held is not null ? $"{asked} held up to {Rate(held.Rate)}, the highest that was tried"
        : $"the highest rate with {asked} is unknown";

    private static string Share(double? share) => $"{(100 * (share ?? 0)).ToString("0.#", CultureInfo.InvariantCulture)} %";
}
