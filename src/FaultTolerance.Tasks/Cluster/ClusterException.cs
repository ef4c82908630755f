using System.Net;

namespace FaultTolerance.Cluster;

/// <summary>A call to the Kubernetes API that failed.</summary>
/// <param name="code">The code, <c>FT03xx</c>.</param>
/// <param name="message">Verb, resource, namespace, and what the server said.</param>
/// <param name="inner">Its cause.</param>
internal sealed class ClusterException(string code, string message, Exception? inner = null) : FaultMatrixException(code, message, inner)
{
    /// <summary>HTTP status; null when no answer came.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The <c>reason</c> of the server's Status object, <c>NotFound</c>, <c>AlreadyExists</c>; null when it sent none.</summary>
    public string? Reason { get; init; }

    /// <summary>The server's own message.</summary>
    public string ServerMessage { get; init; } = "";

    /// <summary>Whether the same call may succeed later: no answer, 408, 429 or 5xx.</summary>
    public bool IsTransient =>
        Status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}
