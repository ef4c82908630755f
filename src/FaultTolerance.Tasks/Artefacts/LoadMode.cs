namespace FaultTolerance.Artefacts;

/// <summary>Who decides when the next request is sent.</summary>
internal enum LoadMode
{
    /// <summary>The answer to the one before (and the rate limit).</summary>
    Closed,

    /// <summary>A plan made beforehand.</summary>
    Open,
}
