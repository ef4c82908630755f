namespace FaultTolerance.Results.Checks;

/// <summary>What a check came to.</summary>
public enum CheckOutcome
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
public sealed record CheckResult(string Kind, string Asked, CheckOutcome Outcome, string Evidence, string? Artefact = null);
