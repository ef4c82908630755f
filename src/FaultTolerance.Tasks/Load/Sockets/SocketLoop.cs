using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.Load.Sockets;

/// <summary>
/// One thread that waits for all its sockets and carries on, itself, with whatever waited for one of them. .NET's own sockets hand
/// each answer from a thread that waits to a thread that works, which costs more than all of a request's own work; benchmarks/load.sh
/// has the figures of both. The price: what runs on it must not block, which the load's code does not.
/// </summary>
internal sealed class SocketLoop : IDisposable
{
    private const Epoll.Events Watched =
        Epoll.Events.Readable | Epoll.Events.Writable | Epoll.Events.PeerClosed | Epoll.Events.EdgeTriggered;

    private readonly Lock _gate = new();
    private readonly Epoll _epoll = new();
    private readonly Thread _thread;
    private LoopStream?[] _streams = new LoopStream?[256];
    private int _connections;
    private volatile bool _stopped;
    private bool _endsItself;

    /// <summary>Starts the thread.</summary>
    public SocketLoop()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "load sockets" };
        _thread.Start();
    }

    /// <summary>Connects to an address. Throws <see cref="SocketException"/> when that fails.</summary>
    public async ValueTask<LoopStream> ConnectAsync(IPEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        var stream = new LoopStream(socket, this, Interlocked.Increment(ref _connections) & int.MaxValue);
        try
        {
            // Asked for first, so that it is not missed.
            var made = stream.WhenWritableAsync();
            Begin(socket, to);
            Add(stream, socket);
            await made.WaitAsync(cancellation).ConfigureAwait(false);
            var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            return error == SocketError.Success ? stream : throw new SocketException((int)error);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Forgets a stream and closes its socket, in this order: the system gives the descriptor to the next one that asks.</summary>
    public void Close(LoopStream stream, Socket socket)
    {
        lock (_gate)
        {
            var descriptor = (int)socket.Handle;
            if (descriptor >= 0 && descriptor < _streams.Length && ReferenceEquals(_streams[descriptor], stream))
            {
                _streams[descriptor] = null;
            }

            socket.Dispose();
        }
    }

    /// <summary>Ends the thread and every stream that is still open.</summary>
    public void Dispose()
    {
        LoopStream[] open;
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            open = [.. _streams.OfType<LoopStream>()];
        }

        foreach (var stream in open)
        {
            stream.Dispose();
        }

        if (Thread.CurrentThread == _thread)
        {
            // Its loop finds that it is to end, and cannot be waited for from within.
            _endsItself = true;
            return;
        }

        // Not the thread's to release: it may have ended before it is woken.
        _epoll.Wake();
        _thread.Join();
        _epoll.Dispose();
    }

    private static void Begin(Socket socket, IPEndPoint to)
    {
        try
        {
            socket.Connect(to);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // As it should be: the loop hears when it is made.
        }
    }

    private void Add(LoopStream stream, Socket socket)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            var descriptor = (int)socket.Handle;
            if (descriptor >= _streams.Length)
            {
                Array.Resize(ref _streams, Math.Max(descriptor + 1, _streams.Length * 2));
            }

            _streams[descriptor] = stream;
            _epoll.Add(socket.SafeHandle, Watched, ((long)stream.Number << 32) | (uint)descriptor);
        }
    }

    private void Run()
    {
        while (!_stopped)
        {
            var count = _epoll.Wait();
            for (var i = 0; i < count; i++)
            {
                var (key, events) = _epoll.Event(i);
                if (key >= 0 && Volatile.Read(ref _streams)[(int)(uint)key] is { } stream && stream.Number == key >> 32)
                {
                    // Not one that was closed in the meantime, nor the next one with its descriptor.
                    stream.Happened(events);
                }
            }
        }

        if (_endsItself)
        {
            _epoll.Dispose();
        }
    }
}
