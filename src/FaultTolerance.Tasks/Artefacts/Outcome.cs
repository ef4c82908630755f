namespace FaultTolerance.Artefacts;

/// <summary>What became of an attempt, or of a request that was never sent. Exhaustive and mutually exclusive.</summary>
internal enum Outcome
{
    /// <summary>A whole answer with the content asked for.</summary>
    Ok,

    /// <summary>Nobody listens at the pod's port.</summary>
    Refused,

    /// <summary>The name did not resolve.</summary>
    Dns,

    /// <summary>The connection was not made in time.</summary>
    ConnectTimeout,

    /// <summary>The connection broke before the response's headers.</summary>
    ResetBeforeHeaders,

    /// <summary>
    /// A kept connection that the peer was closing when the request was written on it: it broke at once, before any byte of an answer.
    /// It says nothing of the service, which never took the request.
    /// </summary>
    ResetKept,

    /// <summary>The service said it is too busy or not there: 429, 503, 529.</summary>
    Rejected,

    /// <summary>Another 4xx.</summary>
    ClientError,

    /// <summary>Another 5xx.</summary>
    ServerError,

    /// <summary>The connection broke inside the body.</summary>
    ResetMidStream,

    /// <summary>A stream ended without its end marker.</summary>
    StreamTruncated,

    /// <summary>Silence between two tokens longer than the stall limit.</summary>
    Stalled,

    /// <summary>The attempt's time was up.</summary>
    Deadline,

    /// <summary>A body or an event that does not parse.</summary>
    Malformed,

    /// <summary>A whole answer shorter than asked for.</summary>
    ShortOutput,

    /// <summary>The generator's bound on outstanding requests shed it.</summary>
    Shed,

    /// <summary>Our own transport broke: the port-forward or the API server, not the product.</summary>
    Transport,

    /// <summary>Cancelled by teardown.</summary>
    Cancelled,

    /// <summary>Planned, and never sent.</summary>
    NotSent,
}
