using System.Collections.Immutable;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Measures;

/// <summary>What the fault cost, in numbers.</summary>
internal static class DamageMeasures
{
    /// <summary>Requests that failed after the fault.</summary>
    public static RowMeasure LostRequests { get; } =
        Of("lost_requests", "Lost\nRequests", "Requests lost after the fault", MeasureUnit.Requests, "requests that failed after the fault", damage => damage.LostRequests);

    /// <summary>The lowest goodput as a share of the steady mean.</summary>
    public static RowMeasure Depth { get; } =
        Of("depth", "Depth", "Goodput at its lowest, of the steady mean", MeasureUnit.Share, "the lowest window’s goodput as a share of steady", damage => damage.Depth);

    public static ImmutableArray<IMeasure> All { get; } =
    [
        LostRequests,
        Of("lost_tokens", "Lost\nTokens", "Tokens asked for and lost", MeasureUnit.Tokens, "tokens asked for in those and not received", damage => damage.LostTokens),
        Depth,
        Of("area_requests", "Area", "Answers missing against a steady service", MeasureUnit.Requests, "answers that a steady service would have given beyond those it gave", damage => damage.Area),
    ];

    private static RowMeasure Of(string id, string header, string title, MeasureUnit unit, string legend, Func<Damage, double?> value) =>
        new(id, header, title, unit, legend, row => row.Damage is { } damage ? value(damage) : null);
}
