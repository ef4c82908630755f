using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.Load.Sockets;

/// <summary>
/// Linux's epoll(7), edge-triggered, as far as a client's sockets need it. One thread waits; any thread may add a socket or wake the one
/// that waits. A socket leaves when it is closed.
/// </summary>
internal sealed class Epoll : IDisposable
{
    private const int ControlAdd = 1;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int MaxEvents = 256;
    private const int Interrupted = 4;
    private const long Bell = -1;
    // The kernel's struct is packed on x86 alone: 32 bits of events, then 64 bits of data that are ours.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;
    private static readonly int DataAt = Stride - 8;
    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * 16, pinned: true);
    private readonly SafeFileHandle _handle;
    private readonly SafeFileHandle _bell;

    /// <summary>Makes one. Throws <see cref="IOException"/> where the kernel gives none, as when all file descriptors are in use.</summary>
    public Epoll()
    {
        _handle = Handle(EpollCreate(CloseOnExec), "epoll_create1");
        _bell = Handle(EventFd(0, CloseOnExec | NonBlocking), "eventfd");
        Add(_bell, Events.Readable, Bell);
    }

    /// <summary>What may be true of a socket, in the kernel's bits.</summary>
    [Flags]
    internal enum Events : uint
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>There is something to read.</summary>
        Readable = 0x1,

        /// <summary>There is room to write, or the connection was made.</summary>
        Writable = 0x4,

        /// <summary>It is broken.</summary>
        Error = 0x8,

        /// <summary>Both ends are closed.</summary>
        HungUp = 0x10,

        /// <summary>The peer writes no more.</summary>
        PeerClosed = 0x2000,

        /// <summary>Said once a change, not for as long as it is so.</summary>
        EdgeTriggered = 0x80000000,
    }

    /// <summary>From now on tells of <paramref name="handle"/>, by a <paramref name="key"/> that is not negative.</summary>
    public void Add(SafeHandle handle, Events events, long key)
    {
        Span<byte> change = stackalloc byte[16];
        change.Clear();
        MemoryMarshal.Write(change, (uint)events);
        MemoryMarshal.Write(change[DataAt..], key);
        if (EpollControl(_handle, ControlAdd, handle, ref MemoryMarshal.GetReference(change)) != 0)
        {
            throw Failed("epoll_ctl");
        }
    }

    /// <summary>Waits until something happened; how many <see cref="Event"/>s there are.</summary>
    public int Wait()
    {
        while (true)
        {
            var count = EpollWait(_handle, ref MemoryMarshal.GetArrayDataReference(_events), MaxEvents, -1);
            if (count >= 0)
            {
                return count;
            }

            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw Failed("epoll_wait");
            }
        }
    }

    /// <summary>One of the events that <see cref="Wait"/> found, by the key that was given; negative for <see cref="Wake"/>.</summary>
    public (long Key, Events Events) Event(int index)
    {
        var found = _events.AsSpan(index * Stride, Stride);
        return (MemoryMarshal.Read<long>(found[DataAt..]), (Events)MemoryMarshal.Read<uint>(found));
    }

    /// <summary>Ends a wait.</summary>
    public void Wake() => _ = Write(_bell, 1, sizeof(ulong));

    /// <inheritdoc/>
    public void Dispose()
    {
        _bell.Dispose();
        _handle.Dispose();
    }

    private static SafeFileHandle Handle(nint descriptor, string call) =>
        descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Failed(call);

    private static IOException Failed(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollControl(SafeHandle epoll, int operation, SafeHandle descriptor, ref byte change);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollWait(SafeHandle epoll, ref byte events, int count, int milliseconds);

    [DllImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EventFd(uint initial, int flags);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(SafeHandle descriptor, in ulong value, nint size);
}
