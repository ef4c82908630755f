using FaultTolerance.Results.Measures;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// One answer to "how long did it take": an event or a span, in seconds from the fault's order unless it says otherwise. A definition
/// measures one scenario's artefacts; as a measure it gives what was found in a row.
/// </summary>
internal abstract class RecoveryDefinition : IMeasure
{
    /// <inheritdoc/>
    public abstract string Id { get; }

    /// <inheritdoc/>
    public abstract string Header { get; }

    /// <inheritdoc/>
    public virtual string Title => Header.Replace('\n', ' ');

    /// <inheritdoc/>
    public virtual MeasureUnit Unit => MeasureUnit.Seconds;

    /// <inheritdoc/>
    public abstract string Legend { get; }

    /// <summary>Measures.</summary>
    public abstract Measured Measure(RecoveryInput input);

    /// <inheritdoc/>
    public Measured? Of(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Recovered(Id);
    }
}
