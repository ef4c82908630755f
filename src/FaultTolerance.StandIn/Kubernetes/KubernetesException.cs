using System.Net;

namespace FaultTolerance.StandIn.Kubernetes;

/// <summary>The API server refused a call.</summary>
internal sealed class KubernetesException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}
