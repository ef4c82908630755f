using System.Collections.Immutable;
using FaultTolerance.Results.Rates;

namespace FaultTolerance.Results.Measures;

/// <summary>What a search for the highest rate found; empty in rows without one.</summary>
internal static class RateMeasures
{
    /// <summary>Both ends of the interval, in the order of their columns.</summary>
    public static ImmutableArray<IMeasure> All { get; } =
    [
        Of("rate_held", "Rate\nHeld", "highest rate, requests a second, at which the load’s goodput held", curve => curve.Held),
        Of("rate_not_held", "Rate\nNot Held", "lowest rate at which it did not", curve => curve.Broke),
    ];

    private static RowMeasure Of(string id, string header, string legend, Func<RateCurve, RateStep?> step) =>
        new(id, header, header.Replace('\n', ' '), MeasureUnit.PerSecond, legend, row =>
            row.Rates is { } curve && step(curve) is { } found ? found.Rate : null
        );
}
