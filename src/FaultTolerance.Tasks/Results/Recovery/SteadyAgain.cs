using System.Globalization;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// Return to steady state: when the first request was taken up after the last harm, where no later request of the whole load is harm
/// again, and enough of them tell so. Harm is what <see cref="Harm"/> finds: a request lost, or late by more than chance. A lower bound
/// where the load ended before that could be seen, unknown where too few requests were answered before the fault.
/// </summary>
internal sealed class SteadyAgain : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "steady";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Steady";

    /// <inheritdoc/>
    public override string Title => "Steady again";

    /// <inheritdoc/>
    public override string Legend => "the first request after the last harm, lost or late, of the whole load";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.IsFelt)
        {
            return Measured.Unknown;
        }

        if (input.Band is null)
        {
            return Measured.Unknown with { Event = $"fewer than {SteadyBand.Fewest} requests were answered before the fault" };
        }

        var harmed = !input.Harm.Spells.IsEmpty;
        var at = harmed ? Math.Max(input.Harm.Spells[^1].To, Again(input)) : input.Zero;
        var answers = HarmRule.AnsweredFrom(input.Requests, at);
        var seen = HarmRule.IsSeen(answers, input.LastSent - at, input.SteadyFor.Ticks);
        return (seen, harmed) switch
        {
            (true, true) => Measured.Of(at - input.Zero, "the first request after the last harm"),
            (true, false) => Measured.NotNeeded,
            (false, true) => Measured.AtLeast(at - input.Zero, input.ClientsEnd),
            _ => Measured.Unknown with
            {
                Event = $"only {answers} requests were answered in the {Seconds(input.LastSent - at)} s after the order",
            },
        };
    }

    private static string Seconds(long ticks) => TimeSpan.FromTicks(ticks).TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);

    // Where requests failed, the service was not back before the first that succeeded again.
    private static long Again(RecoveryInput input) => new FirstSuccess().Measure(input) is { Kind: MeasuredKind.Value } first
        ? input.Zero + (long)Math.Round(first.Seconds * TimeSpan.TicksPerSecond)
        : input.Zero;
}
