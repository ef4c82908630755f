using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Measures;

/// <summary>A measure that a row already holds as a number.</summary>
/// <param name="Id">Name in CSV and JSON.</param>
/// <param name="Header">Header in a table.</param>
/// <param name="Title">Name on the page.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Legend">What it is.</param>
/// <param name="Value">Takes it from the row; null where the row does not have it.</param>
internal record RowMeasure(string Id, string Header, string Title, MeasureUnit Unit, string Legend, Func<ScenarioResult, double?> Value)
    : IMeasure
{
    /// <inheritdoc/>
    public Measured? Of(ScenarioResult row) => Value(row) is { } value ? new Measured(MeasuredKind.Value, value) : null;
}
