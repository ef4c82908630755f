using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace FaultTolerance.Tests.Faults.DeletePod;

/// <summary>
/// The port of a pod of a <see cref="FaultStage"/>, on loopback: it holds every connection, and answers whatever it is asked.
/// </summary>
internal sealed class PodServer : IDisposable
{
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _held = [];
    private volatile bool _isSilent;

    private PodServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Gives the pod an address, a port and a node.</summary>
    public static PodServer Of(FaultStage stage, string pod, string? node = "node-1")
    {
        var server = new PodServer();
        stage.Pods.Change(pod, item =>
        {
            item["status"]!["podIP"] = "127.0.0.1";
            item["spec"]!["nodeName"] = node;
            item["spec"]!["containers"]![0]!["ports"] = new JsonArray(
                new JsonObject { ["name"] = "system", ["containerPort"] = ((IPEndPoint)server._listener.LocalEndpoint).Port }
            );
        });
        return server;
    }

    /// <summary>Its process ends, and every connection with it.</summary>
    public void End()
    {
        _listener.Stop();
        lock (_held)
        {
            _held.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>It goes, and nobody is left to end its connections.</summary>
    public void Vanish()
    {
        _isSilent = true;
        _listener.Stop();
    }

    /// <summary>It hangs: what is asked stays unanswered, and connections are taken.</summary>
    public void Hang() => _isSilent = true;

    public void Dispose() => End();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                lock (_held)
                {
                    _held.Add(socket);
                }

                _ = AnswerAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
                if (!_isSilent)
                {
                    await socket.SendAsync(Answer);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Ended by either side.
        }
    }
}
