using System.Collections.Immutable;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Measures;

/// <summary>What making connections was to the clients. A port-forward's opening is part of it, where one is used.</summary>
internal static class ConnectionMeasures
{
    /// <summary>Share of the attempts that made a connection of their own.</summary>
    public static RowMeasure Share { get; } =
        new(
            "new_connections",
            "New\nConnections",
            "Requests that made a connection",
            MeasureUnit.Share,
            "share of the attempts that made a connection and used no kept one",
            row => row.Connections?.Share
        );

    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<IMeasure> All { get; } =
    [
        Share,
        Took("connect_p50", "Connect\np50", "median time that a new connection took, its port-forward included", took => took.P50),
        Took("connect_p99", "Connect\np99", "99th percentile of that", took => took.P99),
        Took("connect_max", "Connect\nMax", "the longest of that", took => took.Max),
    ];

    private static RowMeasure Took(string id, string header, string legend, Func<Percentiles, double> value) =>
        new(id, header, header.Replace('\n', ' '), MeasureUnit.Seconds, legend, row =>
            row.Connections?.Took is { } took ? value(took) : null
        );
}
