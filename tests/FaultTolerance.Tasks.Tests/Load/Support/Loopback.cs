using System.Net;
using System.Net.Sockets;
using FaultTolerance.Load.Sockets;

namespace FaultTolerance.Load.Support;

/// <summary>A frontend on a loopback port: each connection is handed to a script and closed after it.</summary>
internal sealed class LoopbackFrontend : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _crowd = [];
    private readonly Func<Socket, Task> _script;

    /// <summary>Takes a port of its own; nobody listens at it yet.</summary>
    public LoopbackFrontend(Func<Socket, Task> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Serves every connection.</summary>
    public void Listen()
    {
        _listener.Listen();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Listens and accepts nobody, with a queue that is full.</summary>
    public void Crowd()
    {
        _listener.Listen(1);
        for (var i = 0; i < 8; i++)
        {
            _crowd.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            // The handshake is the kernel's and done within the call, as far as there is room; the rest never completes.
            _ = Quiet(_crowd[^1].ConnectAsync(IPAddress.Loopback, Port));
        }
    }

    public void Dispose()
    {
        _crowd.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = OneAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task OneAsync(Socket socket)
    {
        using (socket)
        {
            await _script(socket);
        }
    }

    private static async Task Quiet(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was only there to stand in the way.
        }
    }
}

/// <summary>The way to a loopback port, as the socket goes.</summary>
internal sealed class LoopbackTransport(int port) : IFrontendTransport
{
    private readonly SocketLoops _sockets = new();

    public string Host { get; init; } = "127.0.0.1";

    /// <summary>What breaks on our side before there is a connection.</summary>
    public Exception? Failure { get; init; }

    public IReadOnlyList<FrontendEndpoint> Ready { get; } = [new("a", "1", new Uri($"http://127.0.0.1:{port}"))];

    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        return await _sockets.ConnectAsync(Host, port, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _sockets.Dispose();
        return ValueTask.CompletedTask;
    }
}
