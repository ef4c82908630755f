namespace FaultTolerance.Results.Recovery;

/// <summary>
/// How long clients were harmed: from the instant at which one could first see it (a request failed, or took longer than the band of
/// steady behaviour allows) to the return to steady state. Flapping counts from first to last. A lower bound where the load ended first.
/// </summary>
public sealed class Harmed : RecoveryDefinition
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
        var steady = input.Steady;
        if (steady.Kind is not (MeasuredKind.Value or MeasuredKind.Censored) || input.Band is not { } band)
        {
            return steady;
        }

        var began = Began(input, band);
        var ended = input.Zero + (long)(steady.Seconds * TimeSpan.TicksPerSecond);
        return steady.Kind == MeasuredKind.Value ? Measured.Of(Math.Max(0, ended - began), "from the first harm to steady") : Measured.AtLeast(ended - began, RecoveryInput.LoadEnded);
    }

    // The first window that is out of the band, in small steps; in it, the request whose harm showed first.
    private static long Began(RecoveryInput input, SteadyBand band)
    {
        var step = Math.Max(1, band.Window / 10);
        for (var from = input.From; from < input.LoadEnd; from += step)
        {
            if (!band.Holds(input, from, out var fails))
            {
                var began = input.Requests
                    .Where(request => request.Start >= from - band.Window && request.Start < from + (2 * band.Window) && request.End >= from)
                    .OrderBy(request => request.Start).ToList();
                // A window with too few successes and none that was harmed: the service was silent from its begin.
                return Math.Max(input.From, (fails ? FirstFailed(began, band) : FirstOfMany(began, band)) ?? from);
            }
        }

        return input.From;
    }

    private static long? FirstFailed(List<RequestSample> requests, SteadyBand band) =>
        requests.Where(request => !request.Ok).Select(request => (long?)band.Shows(request)).Min();

    // Single requests are slow in a steady service too. So not the first one counts, but the first of a part where more than one in six
    // is: the begin for which five times the slow ones exceed the others by most.
    private static long? FirstOfMany(List<RequestSample> requests, SteadyBand band)
    {
        var (sum, most, first) = (0, 0, -1);
        for (var i = requests.Count - 1; i >= 0; i--)
        {
            sum += band.Harms(requests[i]) ? 5 : -1;
            (most, first) = sum > most ? (sum, i) : (most, first);
        }

        return first < 0 ? null : requests.Skip(first).Where(request => band.Harms(request)).Min(request => band.Shows(request));
    }
}
