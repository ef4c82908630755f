using System.Globalization;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Verdicts;

namespace FaultTolerance.Results.Soaks;

/// <summary>
/// Mean time to repair over all faults of a row that harmed clients: from each one's own order to steady again. A lower bound where one of
/// them was not steady again when the next was ordered.
/// </summary>
internal sealed class RepairTime : IMeasure
{
    /// <inheritdoc/>
    public string Id => "mttr";

    /// <inheritdoc/>
    public string Header => "MTTR";

    /// <inheritdoc/>
    public string Title => "Mean time to repair";

    /// <inheritdoc/>
    public MeasureUnit Unit => MeasureUnit.Seconds;

    /// <inheritdoc/>
    public string Legend => "mean over the faults that harmed clients, from each one’s order to steady again";

    /// <inheritdoc/>
    public Measured? Of(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Faults.IsEmpty)
        {
            return null;
        }

        var steady = row.Faults.Where(fault => fault.Outcome != FaultOutcomeKind.Unproven)
            .Select(fault => fault.Recovered(SteadyAgain.Key)).OfType<Measured>().ToList();
        var harmed = steady.Where(value => value.Kind is MeasuredKind.Value or MeasuredKind.Censored).ToList();
        if (harmed.Count == 0)
        {
            return steady.Count > 0 && steady.All(value => value.Kind == MeasuredKind.NotNeeded) ? Measured.NotNeeded : Measured.Unknown;
        }

        var open = harmed.Count(value => value.Kind == MeasuredKind.Censored);
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"{harmed.Count} of {row.Faults.Length} faults harmed clients{(open > 0 ? $", {open} of them not over when the next came" : "")}");
        return new Measured(
            open > 0 ? MeasuredKind.Censored : MeasuredKind.Value, harmed.Average(value => value.Seconds)) { Event = told };
    }
}
