using System.Collections.Immutable;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Measures;

/// <summary>What the fault cost, in numbers.</summary>
internal static class DamageMeasures
{
    /// <summary>Requests that failed after the fault.</summary>
    public static RowMeasure LostRequests { get; } =
        Of(
            "lost_requests",
            "Lost\nRequests",
            "Requests lost after the fault",
            MeasureUnit.Requests,
            "requests that failed after the fault",
            damage => damage.LostRequests
        );

    /// <summary>How many separate stretches of harm there were.</summary>
    public static RowMeasure Damages { get; } =
        Of(
            "damages",
            "Damages",
            "Separate stretches of harm",
            MeasureUnit.Times,
            "stretches of harm with a time between them in which all was well",
            damage => damage.Spells.Length
        );

    /// <summary>The lowest goodput as a share of the steady mean.</summary>
    public static RowMeasure Depth { get; } =
        Of(
            "depth",
            "Depth",
            "Answered in time, in the worst window",
            MeasureUnit.Share,
            "the lowest share of a window’s requests that were answered",
            damage => damage.Depth
        );

    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<IMeasure> All { get; } =
    [
        LostRequests,
        Damages,
        Of(
            "lost_tokens",
            "Lost\nTokens",
            "Tokens asked for and lost",
            MeasureUnit.Tokens,
            "tokens asked for in those and not received",
            damage => damage.LostTokens
        ),
        Depth,
        Of(
            "area_requests",
            "Area",
            "Answers missing against a steady service",
            MeasureUnit.Requests,
            "answers that a steady service would have given beyond those it gave",
            damage => damage.Area
        ),
    ];

    private static RowMeasure Of(string id, string header, string title, MeasureUnit unit, string legend, Func<Damage, double?> value) =>
        new(id, header, title, unit, legend, row => row.Damage is { } damage ? value(damage) : null);
}
