using System.Globalization;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// Return to steady state: the earliest instant from which every window for the asked time lies in <see cref="SteadyBand"/>, looked for
/// in steps of a tenth of a window and then put by the last request before it that failed or was too slow: at a failure's end; for an
/// answer that came late, as long before it as an answer takes when all is well, since that is when the service was back. A lower bound
/// where the load, or the first client, ended before that could be seen.
/// </summary>
public sealed class SteadyAgain : RecoveryDefinition
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
    public override string Legend => "back in the band of before the fault, and staying there";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Steady;
    }

    /// <summary>Looks for it; other definitions ask for it too, so <see cref="RecoveryInput.Steady"/> keeps what was found.</summary>
    internal static Measured Find(RecoveryInput input)
    {
        if (!input.IsFelt || input.Band is not { } band)
        {
            return Measured.Unknown;
        }

        var end = input.AllBusyUntil;
        var step = Math.Max(1, band.Window / 10);
        var from = input.Zero;
        while (from + input.SteadyFor.Ticks <= end)
        {
            if (FirstOutside(input, band, from) is not { } outside)
            {
                return from == input.Zero ? Measured.NotNeeded
                    : Measured.Of(Math.Max(Edge(input, band, from, step) - input.Zero, First(input, band)), string.Create(CultureInfo.InvariantCulture, $"in the band for {input.SteadyFor.TotalSeconds:0.##} s from then on"));
            }

            // No start whose windows cover the bad one can hold; the next that may is just past its begin.
            from = Math.Max(from + step, outside - band.Window + step);
        }

        // A service that still failed a request was not steady before that, however early the search had to end.
        return Measured.AtLeast(Math.Max(from, LastFailure(input)) - input.Zero, RecoveryInput.LoadEnded);
    }

    private static long LastFailure(RecoveryInput input)
    {
        var last = Array.FindLast(input.Requests, static request => !request.Ok);
        return last.End;
    }

    // Where requests failed, the service was not back before the first that succeeded again must have begun.
    private static long First(RecoveryInput input, SteadyBand band) => new FirstSuccess().Measure(input) is { Kind: MeasuredKind.Value } first
        ? (long)Math.Round(first.Seconds * TimeSpan.TicksPerSecond) - band.TypicalLatency
        : long.MinValue;

    // The band bears a few slow requests, and the search goes by steps: both are undone here.
    private static long Edge(RecoveryInput input, SteadyBand band, long from, long step)
    {
        var edge = from;
        for (var i = SteadyBand.FirstAtOrAfter(input.Requests, from - step); i < input.Requests.Length; i++)
        {
            ref readonly var request = ref input.Requests[i];
            if (band.Harms(request))
            {
                edge = request.Ok ? Math.Max(request.Start, request.End - band.TypicalLatency) : request.End;
            }
            else if (request.End >= from)
            {
                break;
            }
        }

        return edge;
    }

    private static long? FirstOutside(RecoveryInput input, SteadyBand band, long from)
    {
        for (var at = from; at + band.Window <= from + input.SteadyFor.Ticks; at += band.Window)
        {
            if (!band.Holds(input, at))
            {
                return at;
            }
        }

        return null;
    }
}
