using System.Net;
using System.Net.Sockets;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Graphs.Transport;

/// <summary>A way into a pod's own port.</summary>
/// <param name="OpenAsync">
/// Opens a connection to <see cref="GraphPod.MetricsPort"/>; throws IOException, SocketException or TransportException where none comes
/// about.
/// </param>
internal sealed record PodWay(Func<ClusterSession, GraphPod, CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>Through the API server, by the pod's name.</summary>
    public static PodWay Tunnel { get; } = new(TunnelAsync);

    /// <summary>To the pod's address, which is reached from within the cluster and from its nodes.</summary>
    public static PodWay Direct { get; } = new(DirectAsync);

    /// <summary>All there are.</summary>
    public static IReadOnlyList<PodWay> All { get; } = [Tunnel, Direct];

    private static async Task<Stream> TunnelAsync(ClusterSession session, GraphPod pod, CancellationToken cancellation) =>
        await PortForwardTransport.ConnectAsync(session, pod.Name, pod.MetricsPort, cancellation);

    private static async Task<Stream> DirectAsync(ClusterSession session, GraphPod pod, CancellationToken cancellation)
    {
        if (!IPAddress.TryParse(pod.Object.Status?.PodIP, out var address))
        {
            throw new IOException($"pod '{pod.Name}' has no address");
        }

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, pod.MetricsPort, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
