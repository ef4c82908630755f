

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// How long clients were harmed: from the first harm (a request was lost, or had waited longer than the band allows) to the return to
/// steady state. Flapping counts from first to last. A lower bound where the load ended first.
/// </summary>
internal sealed class Harmed : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "harmed";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Harmed";

    /// <inheritdoc/>
    public override string Title => "Clients harmed";

    /// <inheritdoc/>
    public override string Legend => "from the first harm that a client could see to steady again";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var steady = new SteadyAgain().Measure(input);
        if (steady.Kind is not (MeasuredKind.Value or MeasuredKind.Censored) || input.Harm.Spells is not [var first, ..])
        {
            return steady;
        }

        var length = input.Zero + (long)Math.Round(steady.Seconds * TimeSpan.TicksPerSecond) - first.From;
        return steady.Kind == MeasuredKind.Value
            ? Measured.Of(Math.Max(0, length), "from the first harm to steady")
            : Measured.AtLeast(length, input.ClientsEnd);
    }
}
