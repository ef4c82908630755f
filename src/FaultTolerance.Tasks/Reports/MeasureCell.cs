using System.Globalization;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports;

/// <summary>A measure's text in a table, by what it is counted in.</summary>
internal static class MeasureCell
{
    /// <summary>A row's; null is missing.</summary>
    public static string? Of(IMeasure measure, ScenarioResult row) => Of(measure, measure.Of(row));

    /// <summary>A value's, which may be that of several rows; null is missing.</summary>
    public static string? Of(IMeasure measure, Measured? value) => (measure, value) switch
    {
        (_, null or { Kind: MeasuredKind.Unknown }) => null,
        (LegacyMeasure, { } known) => TextTable.Format(known.Seconds),
        // A gap between tokens is of milliseconds.
        (NumberMeasure { Unit: MeasureUnit.Seconds }, { } known) => known.Seconds.ToString("0.0000", CultureInfo.InvariantCulture),
        ({ Unit: MeasureUnit.Seconds }, { } known) => known.ToCell(),
        ({ Unit: MeasureUnit.Share }, { } known) => $"{(100 * known.Seconds).ToString("F0", CultureInfo.InvariantCulture)} %",
        ({ Unit: MeasureUnit.PerSecond }, { } known) => known.Seconds.ToString("0.##", CultureInfo.InvariantCulture),
        (_, { } known) => known.Seconds.ToString("0.#", CultureInfo.InvariantCulture),
    };
}
