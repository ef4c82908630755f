using FaultTolerance.Cluster;
using FaultTolerance.Faults.Lasting;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Faults.Network;

/// <summary>The way between two services, and who can try it.</summary>
internal static class NetworkWay
{
    /// <summary>The service that a fault's <c>from</c> names; null for anybody.</summary>
    /// <exception cref="FaultMatrixException">FT0601: none. FT0232: it is the target itself.</exception>
    public static GraphService? From(Graph graph, string? from, string target)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var service = from is null ? null : graph.Service(from);
        return service is null || service != graph.Service(target) ? service : throw new FaultMatrixException(
            "FT0232", $"'from' and 'target' are both service '{service.Name}'; a way leads from one to another");
    }

    /// <summary>A connection to a pod, tried from a pod of the service that is meant, or from any other pod of the graph.</summary>
    /// <exception cref="FaultMatrixException">FT0611: nobody is there to try it, or to be tried.</exception>
    public static ConnectionProbe Probe(FaultContext context, GraphPod to, GraphService? from, int? port)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(to);
        var source = context.Watch.Pods.FirstOrDefault(pod =>
                Runs(pod) && pod.Service != to.Service && (from is null || pod.Service == from))
            ?? context.Watch.Pods.FirstOrDefault(pod => from is null && Runs(pod) && pod.Uid != to.Uid)
            ?? throw new FaultMatrixException(
                "FT0611", $"no pod of {from?.Name ?? "another service"} runs from which a connection to '{to.Name}' could be tried");
        return Probe(context.Session, source, to, port);
    }

    /// <summary>A connection from a pod to a pod.</summary>
    /// <exception cref="FaultMatrixException">FT0611: the pod has no address yet.</exception>
    public static ConnectionProbe Probe(ClusterSession session, GraphPod from, GraphPod to, int? port)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var address = to.Object.Status?.PodIP is { Length: > 0 } ip ? ip
            : throw new FaultMatrixException("FT0611", $"pod '{to.Name}' has no address yet");
        return new ConnectionProbe(
            session, new LeftPod(session, from.Name, from.Uid, from.MainContainer.Name), address, port ?? to.MetricsPort, to.Name);
    }

    private static bool Runs(GraphPod pod) => !pod.IsTerminating && pod.MainStatus?.State?.Running is not null;
}
