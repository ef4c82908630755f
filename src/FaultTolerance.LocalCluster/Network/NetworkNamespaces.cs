using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>
/// Makes network namespaces, and sockets within them. The work is done by a thread of its own, since a thread's namespace is the thread's;
/// a socket stays in the namespace in which it was made, whoever uses it. A namespace ends with its last handle, process and socket, so
/// nothing of it outlives the cluster.
/// </summary>
internal sealed class NetworkNamespaces : IDisposable
{
    private readonly NetworkThread _thread = new("network namespaces");

    /// <summary>Begins, and tries whether this machine lets us.</summary>
    /// <returns>They, or null with the reason.</returns>
    public static async Task<(NetworkNamespaces? Spaces, string? Reason)> TryStartAsync()
    {
        var spaces = new NetworkNamespaces();
        try
        {
            (await spaces.CreateAsync(IPAddress.Parse("127.0.0.2"))).Dispose();
            return (spaces, null);
        }
        catch (Exception e) when (e is Win32Exception or IOException or SocketException or UnauthorizedAccessException)
        {
            spaces.Dispose();
            return (null, e.Message);
        }
    }

    /// <summary>A new namespace, whose loopback is up and has one address more.</summary>
    /// <param name="address">The address, of IPv4: resolvers take a machine without one beside 127.0.0.1 for one without a network.</param>
    /// <exception cref="Win32Exception">The machine does not give one.</exception>
    public Task<SafeFileHandle> CreateAsync(IPAddress address) => _thread.RunAsync(() =>
    {
        Check(unshare(NewNet), "unshare");
        return _thread.HomeAfter(() =>
        {
            RaiseLoopback(address);
            return NetworkThread.Own();
        });
    });

    /// <summary>Does something within a namespace, as making a socket.</summary>
    /// <param name="space">The namespace; null for the machine's.</param>
    /// <param name="work">What; its exceptions come out of the task.</param>
    public Task<T> InAsync<T>(SafeFileHandle? space, Func<T> work) => _thread.InAsync(space, work);

    /// <inheritdoc/>
    public void Dispose() => _thread.Dispose();

    // struct ifreq: sixteen bytes of name, then the flags (IFF_UP and IFF_RUNNING), or a sockaddr_in: family, port, address.
    private static void RaiseLoopback(IPAddress address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var request = new byte[40];
        Encoding.ASCII.GetBytes("lo", request);
        request[16] = 0x41;
        Check(ioctl((int)socket.Handle, SetInterfaceFlags, request), "ioctl");
        Array.Clear(request);
        Encoding.ASCII.GetBytes("lo:1", request);
        request[16] = (byte)AddressFamily.InterNetwork;
        address.GetAddressBytes().CopyTo(request, 20);
        Check(ioctl((int)socket.Handle, SetInterfaceAddress, request), "ioctl");
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private const int NewNet = 0x40000000;
    private const nuint SetInterfaceFlags = 0x8914;
    private const nuint SetInterfaceAddress = 0x8916;

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ioctl(int fd, nuint request, byte[] argument);
}
