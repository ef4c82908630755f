using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Transport;
using FaultTolerance.Load;
using FaultTolerance.Load.Urls;
using FaultTolerance.Scenarios.Plans;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>The way to a graph's frontends that a run's plan asks for.</summary>
internal static class Ways
{
    /// <summary>Makes it.</summary>
    /// <param name="plan">The run's plan.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="watch">The graph's pods.</param>
    /// <exception cref="FaultMatrixException">FT0519: a file of the ingress cannot be used.</exception>
    public static IFrontendTransport Of(RunPlan plan, ClusterSession cluster, GraphWatch watch)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Ingress is { } ingress ? new UrlTransport(ingress, UrlSecrets.Read(ingress, Environment.GetEnvironmentVariable))
            : plan.Transport == "service" ? new ServiceTransport(watch)
            : new PortForwardTransport(cluster, watch);
    }
}
