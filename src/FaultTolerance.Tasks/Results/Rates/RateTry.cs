namespace FaultTolerance.Results.Rates;

/// <summary>What a step of a search for a rate came to.</summary>
internal enum RateFate
{
    /// <summary>As many requests were good as were asked for.</summary>
    Held,

    /// <summary>Fewer were good.</summary>
    Broke,

    /// <summary>The load generator was beyond its limits, so the step says nothing of the service.</summary>
    Unsound,
}

/// <summary>How a search for a rate ended.</summary>
internal enum RateEnd
{
    /// <summary>The last rate that held and the first that did not are as near as was asked for.</summary>
    Found,

    /// <summary>All steps were used up.</summary>
    Steps,

    /// <summary>A further step would have ended too late.</summary>
    Time,

    /// <summary>The highest rate that was to be tried held.</summary>
    HoldsAtHighest,

    /// <summary>The lowest rate that was to be tried did not hold.</summary>
    FailsAtLowest,

    /// <summary>The load generator was twice beyond its limits at one rate.</summary>
    Generator,
}

/// <summary>A rate that was tried.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Fate">What it came to.</param>
internal readonly record struct RateTry(double Rate, RateFate Fate);

/// <summary>What a search does next: try a rate, or end.</summary>
/// <param name="Rate">The rate to try; null at the end.</param>
/// <param name="End">Why it ends; null before.</param>
internal readonly record struct RateMove(double? Rate, RateEnd? End);
