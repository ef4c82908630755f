using System.Collections.Immutable;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Numbers;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Vantages;

/// <summary>What one client of this process saw beside a load from the cluster, and what that load's clients saw.</summary>
/// <param name="Cluster">From the load's pods: the row's own figures.</param>
/// <param name="Here">From this process, over the row's own way to the frontends.</param>
internal sealed record Vantage(VantagePoint Cluster, VantagePoint Here)
{
    private static readonly (string Name, MeasureUnit Unit, Func<PhaseNumbers, double?> Of)[] OfParts =
    [
        ("requests", MeasureUnit.Requests, part => part.Requests),
        ("success", MeasureUnit.Share, part => part.Requests == 0 ? null : (double)part.Succeeded / part.Requests),
        ("latency_p50", MeasureUnit.Seconds, part => part.Latency?.P50),
        ("latency_p99", MeasureUnit.Seconds, part => part.Latency?.P99),
        ("ttft_p50", MeasureUnit.Seconds, part => part.Ttft?.P50),
        ("ttft_p99", MeasureUnit.Seconds, part => part.Ttft?.P99),
    ];

    /// <summary>The figures, in the order in which they are shown.</summary>
    public ImmutableArray<VantageFigure> Figures { get; } =
    [
        .. OfParts.Select(one => Of("before", one, Cluster.Before, Here.Before)),
        .. Cluster.After is null && Here.After is null ? [] : OfParts.Select(one => Of("after", one, Cluster.After, Here.After)),
        new("whole", Outage.Key, MeasureUnit.Seconds, Cluster.Outage, Here.Outage),
        new("whole", "apart", MeasureUnit.Requests, Value(Cluster.Apart), Value(Here.Apart)),
        new("whole", "not_sent", MeasureUnit.Requests, Value(Cluster.Unsent), Value(Here.Unsent)),
    ];

    /// <summary>Measures both by the same rules.</summary>
    /// <param name="cluster">What the load's clients saw.</param>
    /// <param name="probe">What the client from here logged.</param>
    /// <param name="input">What the row's recovery was measured by; null without a fault.</param>
    /// <param name="from">The end of the warm-up, UTC ticks.</param>
    /// <param name="zero">The fault's order, UTC ticks; null without a fault.</param>
    public static Vantage Of(VantagePoint cluster, ProbeLogs probe, RecoveryInput? input, long from, long? zero)
    {
        ArgumentNullException.ThrowIfNull(probe);
        var outage = input is null ? Measured.Unknown
            : Outage.OfAll.Measure(input with { Requests = RequestSample.Of(probe.Attempts), IsOpenLoop = true });
        return new(cluster, VantagePoint.Of(probe.Attempts, probe.Books, outage, from, zero));
    }

    /// <summary>A figure; null where there is none of that part and name.</summary>
    public VantageFigure? Find(string part, string name) => Figures.FirstOrDefault(figure => figure.Part == part && figure.Name == name);

    private static VantageFigure Of(
        string part, (string Name, MeasureUnit Unit, Func<PhaseNumbers, double?> Of) one, PhaseNumbers? cluster, PhaseNumbers? here) =>
        new(part, one.Name, one.Unit, Value(cluster is null ? null : one.Of(cluster)), Value(here is null ? null : one.Of(here)));

    private static Measured Value(double? value) => value is { } known ? new(MeasuredKind.Value, known) : Measured.Unknown;
}
