using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>
/// The TCP ports on which processes of one network namespace listen, as the kernel tells (sock_diag): only listening sockets are looked
/// at, so the thousands of connections of a load cost nothing. Made within the namespace; asked from anywhere.
/// </summary>
internal sealed class ListeningPorts : IDisposable
{
    private const int Netlink = 16, Raw = 3, CloseOnExec = 0x80000, SocketDiagnosis = 4;
    private const int ByFamily = 20, Failed = 2, Done = 3;
    private const byte Four = 2, Six = 10, Tcp = 6;
    private const int HeaderBytes = 16, RequestBytes = 72, PortAt = 20, AddressAt = 24;
    private readonly SafeFileHandle _socket;
    private readonly byte[] _buffer = new byte[32 * 1024];

    /// <summary>Opens the way to the kernel in the calling thread's namespace.</summary>
    /// <exception cref="Win32Exception">The kernel has none.</exception>
    public ListeningPorts()
    {
        _socket = new SafeFileHandle(socket(Netlink, Raw | CloseOnExec, SocketDiagnosis), ownsHandle: true);
        if (_socket.IsInvalid)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "sock_diag cannot be asked");
        }
    }

    /// <summary>The ports that answer at an address: those of sockets at it or at all addresses.</summary>
    public IReadOnlySet<int> At(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var ports = new SortedSet<int>();
        Ask(Four, address, ports);
        Ask(Six, address, ports);
        return ports;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Ask(byte family, IPAddress address, SortedSet<int> ports)
    {
        var request = new byte[RequestBytes];
        BinaryPrimitives.WriteInt32LittleEndian(request, RequestBytes);
        BinaryPrimitives.WriteInt16LittleEndian(request.AsSpan(4), ByFamily);
        BinaryPrimitives.WriteInt16LittleEndian(request.AsSpan(6), 0x301); // NLM_F_REQUEST | NLM_F_DUMP
        (request[HeaderBytes], request[HeaderBytes + 1]) = (family, Tcp);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(HeaderBytes + 4), 1 << 10); // TCP_LISTEN
        Check(send(_socket, request, request.Length, 0));
        while (true)
        {
            var count = (int)Check(recv(_socket, _buffer, _buffer.Length, 0));
            for (var at = 0; at + HeaderBytes <= count;)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(at));
                switch (BinaryPrimitives.ReadInt16LittleEndian(_buffer.AsSpan(at + 4)))
                {
                    case Done:
                    case Failed: // a kernel without the family has no socket of it
                        return;
                    default:
                        Take(_buffer.AsSpan(at, length), family, address, ports);
                        break;
                }

                at += (length + 3) & ~3;
            }
        }
    }

    private static void Take(ReadOnlySpan<byte> message, byte family, IPAddress address, SortedSet<int> ports)
    {
        var bound = new IPAddress(message.Slice(AddressAt, family == Four ? 4 : 16));
        bound = bound.IsIPv4MappedToIPv6 ? bound.MapToIPv4() : bound;
        if (bound.Equals(address) || bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any))
        {
            ports.Add(BinaryPrimitives.ReadUInt16BigEndian(message[PortAt..]));
        }
    }

    private static nint Check(nint result) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), "sock_diag cannot be asked");

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int socket(int domain, int type, int protocol);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint send(SafeFileHandle socket, byte[] buffer, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint recv(SafeFileHandle socket, byte[] buffer, nint length, int flags);
}
