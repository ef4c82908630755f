namespace FaultTolerance.Scenarios;

/// <summary>
/// How much later than scenarios.json says the faults of a trial are: a point of the clients' period, another one in each trial. Faults at
/// one
/// point would find the same requests in flight each time, and trials would repeat one case instead of showing how much cases differ.
/// </summary>
internal static class FaultPhase
{
    // Steps of the golden ratio fill the period evenly, however many there are.
    private const double Step = 0.6180339887498949;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The delay, 0 for the first trial, which is the row as it stands there; else from 0 to the period, at most 10 s.</summary>
    /// <param name="load">The load, whose clients' period it is.</param>
    /// <param name="trial">The trial, from 1.</param>
    /// <param name="seed">The run's seed.</param>
    public static TimeSpan Of(LoadSpec load, int trial, int seed)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (trial <= 1 || load.RatePerClient <= 0)
        {
            return TimeSpan.Zero;
        }

        var phase = (new Random(seed).NextDouble() + ((trial - 1) * Step)) % 1;
        return TimeSpan.FromSeconds(phase * Math.Min(1 / load.RatePerClient, Longest.TotalSeconds));
    }
}
