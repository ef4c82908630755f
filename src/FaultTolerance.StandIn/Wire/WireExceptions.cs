namespace FaultTolerance.StandIn.Wire;

/// <summary>The connection to a worker or an engine core is gone.</summary>
/// <param name="message">What was seen.</param>
/// <param name="sent">Whether the request had been sent; if not, another worker may have it.</param>
internal sealed class WorkerLostException(string message, bool sent) : Exception(message)
{
    public bool Sent { get; } = sent;
}

/// <summary>The other side took the request and reports that it failed.</summary>
internal sealed class GenerationFailedException(string message) : Exception(message);
