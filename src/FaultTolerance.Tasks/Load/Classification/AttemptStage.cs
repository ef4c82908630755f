namespace FaultTolerance.Load.Classification;

/// <summary>How far an attempt got.</summary>
internal enum AttemptStage
{
    /// <summary>Making a connection.</summary>
    Connecting,

    /// <summary>Writing the request.</summary>
    Sending,

    /// <summary>Waiting for the response's head.</summary>
    AwaitingHeaders,

    /// <summary>Reading the body.</summary>
    Body,
}

/// <summary>Why the generator itself ended an attempt.</summary>
internal enum AbortReason
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The attempt's time was up.</summary>
    Deadline,

    /// <summary>Silence between tokens.</summary>
    Stall,

    /// <summary>The load was stopped.</summary>
    Stop,
}
