using System.Collections.Immutable;
using FaultTolerance.Results.Soaks;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Results.Measures;

/// <summary>What a row's faults come to together: how available the service was, and how long repair took.</summary>
internal static class SoakMeasures
{
    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<IMeasure> All { get; } =
    [
        new RowMeasure("faults", "Faults", "Faults ordered", MeasureUnit.Times, "faults that were ordered",
            row => row.Faults.IsEmpty ? null : row.Faults.Length),
        new RowMeasure("faults_open", "Faults\nOpen", "Faults not over when the next came", MeasureUnit.Times,
            "faults that, or whose harm, were not over when the next was ordered or the load ended",
            row => row.Faults.IsEmpty ? null : row.Faults.Count(fault => fault.Outcome == FaultOutcomeKind.Open)),
        new RowMeasure("availability", "Avail-\nability", "Availability", MeasureUnit.Share,
            "the share of the requests that ended from the first fault’s order on that were answered", row => row.Availability?.Share),
        new RowMeasure("availability_low", "Avail.\nLow", "Availability, at least", MeasureUnit.Share,
            "the lower end of its interval of 95 %, Wilson’s over requests", row => row.Availability?.Interval.Low),
        new RowMeasure("availability_high", "Avail.\nHigh", "Availability, at most", MeasureUnit.Share,
            "the upper end of its interval", row => row.Availability?.Interval.High),
        new RepairTime(),
    ];
}
