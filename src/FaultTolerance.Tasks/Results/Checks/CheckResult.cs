namespace FaultTolerance.Results.Checks;

/// <summary>What a check came to.</summary>
internal enum CheckOutcome
{
    /// <summary>It holds.</summary>
    Pass,

    /// <summary>The artefacts do not tell whether it holds.</summary>
    Unknown,

    /// <summary>It does not hold.</summary>
    Fail,
}

/// <summary>One check on one row, with what it rests on.</summary>
/// <param name="Kind">The key in scenarios.json, <c>outageAtMost</c>.</param>
/// <param name="Asked">What was asked, <c>outage at most 10 s</c>.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Evidence">The measured value, or why there is none.</param>
/// <param name="Artefact">Where to look, relative to the run's folder; null where it is all of the row's artefacts.</param>
internal sealed record CheckResult(string Kind, string Asked, CheckOutcome Outcome, string Evidence, string? Artefact = null)
{
    /// <summary>How much it counts in a score.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether it is one that every row has, and not the user's own.</summary>
    public bool IsDefault { get; init; }
}

/// <summary>How a deployment did in its checks: never without the count that the share rests on.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Passed">Checks that passed.</param>
/// <param name="Checks">All of its checks.</param>
/// <param name="Share">Weight of those that passed as a share of the weight of all, 0 to 1; unknown ones count as not passed.</param>
internal sealed record Score(string Deployment, int Passed, int Checks, double Share)
{
    /// <summary><c>agg-tp-1-dp-1 83 % (5 of 6 checks)</c>; never 100 % unless all passed.</summary>
    public override string ToString() =>
        $"{Deployment} {(Passed == Checks ? 100 : Math.Min(99, Math.Round(100 * Share))).ToString("0", System.Globalization.CultureInfo.InvariantCulture)} % ({Passed} of {Checks} checks)";
}
