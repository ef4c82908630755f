using FaultTolerance.Artefacts;

namespace FaultTolerance.Scenarios;

/// <summary>
/// The thin client of a load from both vantage points: beside the pods' clients one of this process, over the row's own way to the
/// frontends, to which it sends few requests at a steady rate.
/// </summary>
internal static class ProbeSpec
{
    /// <summary>Requests a second where the load does not say.</summary>
    public const double UsualRate = 2;

    /// <summary>The lowest rate.</summary>
    public const double LeastRate = 0.1;

    /// <summary>The highest: more would be a load of its own.</summary>
    public const double MostRate = 50;

    // Far from those of a run's trials and of the steps of a search.
    private const int SeedsApart = 15_485_863;

    /// <summary>
    /// The probe's own load: an open loop of one client that asks as the load's clients do, with prompts of its own. One request is
    /// planned; how many more come is decided by how long the load lasts.
    /// </summary>
    /// <param name="load">The load, with its seed and <see cref="LoadSpec.ProbeRate"/>.</param>
    public static LoadSpec Of(LoadSpec load)
    {
        ArgumentNullException.ThrowIfNull(load);
        return load with
        {
            Mode = LoadMode.Open,
            Clients = 1,
            RequestsPerClient = 1,
            RatePerClient = load.ProbeRate,
            Arrivals = Arrivals.Constant,
            Ramp = TimeSpan.Zero,
            MaxOutstanding = new LoadSpec().MaxOutstanding,
            UntilRecovered = null,
            StopWhen = null,
            Continuity = false,
            Pods = 0,
            PodImage = null,
            ProbeRate = 0,
            Seed = unchecked(load.Seed + SeedsApart),
        };
    }

    /// <summary>Why a load cannot have a probe beside it; null where it can.</summary>
    public static string? Refusal(LoadSpec load)
    {
        ArgumentNullException.ThrowIfNull(load);
        return load switch
        {
            { Trace: not null } => "the client from here cannot send a trace of its own beside the load's",
            { Sessions: not null } => "the client from here sends at its own rate, and turns wait for each other",
            _ => null,
        };
    }
}
