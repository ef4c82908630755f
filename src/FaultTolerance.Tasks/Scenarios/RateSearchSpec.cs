namespace FaultTolerance.Scenarios;

/// <summary>A search for the highest arrival rate at which a share of the requests stays within the load's goodput limits.</summary>
internal sealed record RateSearchSpec
{
    /// <summary>The highest rate that can be asked for.</summary>
    public const double MostRate = 1_000_000;

    /// <summary>Share of the requests that must be good, more than 0 and at most 1.</summary>
    public double Share { get; init; } = 0.95;

    /// <summary>The lowest rate, requests a second; the search begins there.</summary>
    public double From { get; init; } = 1;

    /// <summary>The highest rate that is tried.</summary>
    public double To { get; init; } = 1000;

    /// <summary>At most so many steps, at least 2.</summary>
    public int Steps { get; init; } = 16;

    /// <summary>No step begins that would end later than this after the search began; null: only the steps are limited.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>How long each step is measured.</summary>
    public TimeSpan StepTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first part of each step, which is not counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The search ends when the first rate that did not hold is above the last that did by no more than this share of it.
    /// </summary>
    public double Precision { get; init; } = 0.05;

    /// <summary>Seconds of a step's plan.</summary>
    public double StepSeconds => (WarmUp + StepTime).TotalSeconds;

    /// <summary>The load of one step: an open loop at a rate, with requests of its own.</summary>
    /// <param name="load">The load that asks for the search.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="number">The step's number: each asks other prompts, so that none is answered from what an earlier one left.</param>
    public LoadSpec Step(LoadSpec load, double rate, int number)
    {
        ArgumentNullException.ThrowIfNull(load);
        // However low the rate, one comes after the warm-up.
        var requests = Math.Max((long)Math.Floor(rate * WarmUp.TotalSeconds) + 2, (long)Math.Ceiling(rate * StepSeconds));
        var clients = Clients(requests, load.Clients);
        return load with
        {
            Mode = Artefacts.LoadMode.Open,
            Clients = clients,
            RequestsPerClient = (int)Math.Min(int.MaxValue, (requests + clients - 1) / clients),
            RatePerClient = rate / clients,
            WarmUp = WarmUp,
            Ramp = TimeSpan.Zero,
            UntilRecovered = null,
            StopWhen = null,
            RateSearch = null,
            Seed = unchecked(load.Seed + (number * SeedsApart)),
        };
    }

    // Far from those of a run's trials.
    private const int SeedsApart = 100_003;

    // All clients ask as often: with as many as there are, the plan may be longer than asked for.
    private static int Clients(long requests, int most)
    {
        var clients = (int)Math.Min(requests, most);
        while (clients > 1 && ((requests + clients - 1) / clients * clients) - requests > requests / 20)
        {
            clients--;
        }

        return clients;
    }
}
