using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>Where frontends and other workers connect. Open from the start; each connection is told when the worker is ready.</summary>
internal sealed class RequestListener : IDisposable
{
    private readonly TcpListener _listener;
    private readonly GenerationHandler _handler;
    private readonly Action<string> _onNotice;
    private readonly ConcurrentDictionary<GenerationServer, byte> _connections = new();
    private readonly CancellationTokenSource _end = new();
    private volatile string? _standing;

    private RequestListener(TcpListener listener, GenerationHandler handler, Action<string> onNotice)
    {
        _listener = listener;
        _handler = handler;
        _onNotice = onNotice;
    }

    /// <summary>What has been asked for and not been answered to the end.</summary>
    public InFlight InFlight { get; } = new();

    /// <summary>Listens; throws <see cref="UsageException"/> where the port is taken.</summary>
    public static RequestListener Start(IPAddress address, int port, GenerationHandler handler, Action<string> onNotice) =>
        TryStart(address, port, handler, onNotice)
        ?? throw new UsageException($"cannot listen on {address}:{port}: address already in use");

    /// <summary>Listens; null where the port is taken. Throws <see cref="UsageException"/> for what else stands in the way.</summary>
    public static RequestListener? TryStart(IPAddress address, int port, GenerationHandler handler, Action<string> onNotice)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException taken)
        {
            listener.Dispose();
            if (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return null;
            }

            throw new UsageException($"cannot listen on {address}:{port}: {taken.Message}");
        }

        var requests = new RequestListener(listener, handler, onNotice);
        _ = requests.AcceptAsync(requests._end.Token);
        return requests;
    }

    /// <summary>Tells every connection, and those to come, how things stand. Returns when all that still listen have it.</summary>
    public async Task AnnounceAsync(string line)
    {
        _standing = line;
        await TellAsync(line);
    }

    /// <summary>Tells every connection something that those to come need not know.</summary>
    public async Task TellAsync(string line)
    {
        await Task.WhenAll(_connections.Keys.Select(connection => TellAsync(connection, line)));
    }

    /// <summary>Ends every connection. Not done by the stop signal itself: those connected are to hear the farewell first.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _listener.Dispose();
    }

    private static async Task TellAsync(GenerationServer connection, string line)
    {
        try
        {
            await connection.SendAsync(line, CancellationToken.None);
        }
        catch (IOException)
        {
            // Gone; its own loop sees that too.
        }
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(stop);
                socket.NoDelay = true;
                _ = ConverseAsync(socket, stop);
            }
            catch (SocketException aborted) when (aborted.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // The one who called hung up before the call was taken.
            }
            catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ConverseAsync(Socket socket, CancellationToken stop)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        using var server = new GenerationServer(stream, _handler, InFlight);
        _connections[server] = 0;
        try
        {
            if (_standing is { } standing)
            {
                await server.SendAsync(standing, stop);
            }

            while (await reader.ReadLineAsync(stop) is { } line)
            {
                if (!server.OnLine(line))
                {
                    _onNotice(line);
                }
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or FormatException)
        {
            // The connection ends here, and with it what it had asked for.
        }
        finally
        {
            _connections.TryRemove(server, out _);
            server.OnClosed();
        }
    }
}
