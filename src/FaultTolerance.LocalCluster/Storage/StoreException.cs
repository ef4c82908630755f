namespace FaultTolerance.LocalCluster.Storage;

/// <summary>A refusal with the status code and reason that Kubernetes uses for it.</summary>
/// <param name="status">HTTP status code.</param>
/// <param name="reason">Machine-readable reason, <c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Expired</c> ...</param>
/// <param name="message">The sentence a user reads.</param>
internal sealed class StoreException(int status, string reason, string message) : Exception(message)
{
    /// <summary>HTTP status code.</summary>
    public int Status { get; } = status;

    /// <summary>Kubernetes' reason word.</summary>
    public string Reason { get; } = reason;
}
