using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>
/// What the kernel does with the packets that come in at a socket, listening or connected: a filter drops all of them, or a share. So a
/// packet is lost as one is lost on a wire: nobody acknowledges it, and its sender tries again. The kernel counts what it dropped.
/// </summary>
internal static class SocketFilter
{
    private const int Level = 1, Attach = 26, Detach = 27, MemoryInfo = 55;
    private const int DropsAt = 8, MemoryInfoCount = 9;

    private static readonly Instruction KeepAll = new(0x06, 0, 0, uint.MaxValue);
    private static readonly Instruction DropAll = new(0x06, 0, 0, 0);
    private static readonly Instruction Random = new(0x20, 0, 0, 0xfffff000 + 56);

    /// <summary>Drops a share of what comes in: 0 nothing, 1 everything.</summary>
    /// <param name="socket">The socket; one that is closed already is no error.</param>
    /// <param name="share">From 0 to 1.</param>
    public static void Set(Socket socket, double share)
    {
        ArgumentNullException.ThrowIfNull(socket);
        try
        {
            if (share <= 0)
            {
                Remove(socket);
                return;
            }

            var least = new Instruction(0x35, 0, 1, (uint)(share * uint.MaxValue));
            AttachTo(socket, share >= 1 ? [DropAll] : [Random, least, KeepAll, DropAll]);
        }
        catch (ObjectDisposedException)
        {
            // Its connection has ended.
        }
    }

    /// <summary>How many packets the kernel has dropped at a socket; 0 for one that is closed.</summary>
    public static long Drops(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        try
        {
            var info = new byte[MemoryInfoCount * sizeof(uint)];
            var length = socket.GetRawSocketOption(Level, MemoryInfo, info);
            return length == info.Length ? BitConverter.ToUInt32(info, DropsAt * sizeof(uint)) : 0;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return 0;
        }
    }

    // struct sock_fprog: the number of instructions, and eight bytes on the address of the first.
    private static void AttachTo(Socket socket, Instruction[] program)
    {
        var pinned = GCHandle.Alloc(program, GCHandleType.Pinned);
        try
        {
            var list = new byte[16];
            BitConverter.TryWriteBytes(list, (ushort)program.Length);
            BitConverter.TryWriteBytes(list.AsSpan(8), pinned.AddrOfPinnedObject());
            socket.SetRawSocketOption(Level, Attach, list);
        }
        finally
        {
            pinned.Free();
        }
    }

    private static void Remove(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(Level, Detach, new byte[sizeof(int)]);
        }
        catch (SocketException)
        {
            // It had none.
        }
    }

    /// <summary>A classic BPF instruction.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);
}
