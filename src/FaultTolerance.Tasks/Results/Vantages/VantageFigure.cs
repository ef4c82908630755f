using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Vantages;

/// <summary>A figure from both vantage points.</summary>
/// <param name="Part">Of which part of the load: <c>before</c>, <c>after</c> the fault's order, or the <c>whole</c>.</param>
/// <param name="Name">What is measured, as the files name it.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Cluster">The figure of the clients in the cluster.</param>
/// <param name="Here">That of the client from here.</param>
internal sealed record VantageFigure(string Part, string Name, MeasureUnit Unit, Measured Cluster, Measured Here)
{
    /// <summary>
    /// That from here less that in the cluster; null where either is unknown or but a lower bound. No outage is one of 0 s.
    /// </summary>
    public double? Difference => Known(Here) - Known(Cluster);

    private static double? Known(Measured measured) => measured.Kind switch
    {
        MeasuredKind.Value => measured.Seconds,
        MeasuredKind.NotNeeded => 0,
        _ => null,
    };
}
