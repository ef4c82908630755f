using System.Globalization;
using System.Net.Sockets;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>
/// Gives each pod and each Service a loopback address of its own out of a 127.x.0.0/16 that no other cluster on this machine
/// has: the claim is an abstract Unix socket, which the kernel releases when the process ends, however it ends.
/// </summary>
internal sealed class PodAddresses : IDisposable
{
    private const int PodBlocks = 200;
    private const int ServiceBlocks = 55;
    private readonly Socket _claim;
    private readonly int _network;
    private int _next;

    private PodAddresses(Socket claim, int network) => (_claim, _network) = (claim, network);

    /// <summary>Claims a network; where the search begins depends on the process.</summary>
    /// <exception cref="IOException">All 253 networks are taken.</exception>
    public static PodAddresses Claim()
    {
        for (var i = 0; i < 253; i++)
        {
            var network = 1 + ((Environment.ProcessId + i) % 253);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Bind(
                    new UnixDomainSocketEndPoint(string.Create(CultureInfo.InvariantCulture, $"\0faultmatrix-local-cluster-127.{network}"))
                );
                return new PodAddresses(socket, network);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                socket.Dispose();
            }
        }

        throw new IOException("FT3021: every loopback network 127.1 to 127.253 is taken by another local cluster; end one of them");
    }

    /// <summary>The next pod's address; one comes again only after 50800 others.</summary>
    public string NextPod()
    {
        var n = (uint)(Interlocked.Increment(ref _next) - 1) % (PodBlocks * 254);
        return string.Create(CultureInfo.InvariantCulture, $"127.{_network}.{n / 254}.{1 + (n % 254)}");
    }

    /// <summary>The addresses that Services can have, 13970 of them, none of which a pod ever has.</summary>
    public IEnumerable<string> ForServices() =>
        from block in Enumerable.Range(PodBlocks, ServiceBlocks)
        from host in Enumerable.Range(1, 254)
        select string.Create(CultureInfo.InvariantCulture, $"127.{_network}.{block}.{host}");

    public void Dispose() => _claim.Dispose();
}
