using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Streams;

/// <summary>
/// Connections to a pod's ports over a WebSocket, v4.channel.k8s.io (also where no protocol is named) or v4.base64.channel.k8s.io:
/// the n-th port has channel 2n for its bytes and 2n+1 for an error's text. The first message of every channel holds the port's
/// number, 16 bits, little endian.
/// </summary>
/// <param name="runtime">Opens the connections.</param>
/// <param name="time">Bounds the farewell.</param>
internal sealed class PortForwardStream(IPodRuntime runtime, TimeProvider time)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Serves one WebSocket until its connections, or the client, have ended.</summary>
    public async Task ServeAsync(HttpContext context, string @namespace, string pod, CancellationToken stopping)
    {
        var protocol = ChannelSocket.Negotiate(context, "port-forward", "v4.channel.k8s.io", "v4.base64.channel.k8s.io");
        var ports = ReadPorts(context.Request.Query);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        using var socket = await ChannelSocket.AcceptAsync(context, protocol);
        var streams = new Stream?[ports.Length];
        var receiving = Task.CompletedTask;
        try
        {
            for (var i = 0; i < ports.Length; i++)
            {
                await AnnounceAsync(socket, i, ports[i], end.Token);
            }

            var pumps = new List<Task>();
            for (var i = 0; i < ports.Length; i++)
            {
                streams[i] = await ConnectAsync(socket, @namespace, pod, i, ports[i], end.Token);
                if (streams[i] is { } stream)
                {
                    pumps.Add(PumpAsync(socket, stream, (byte)(2 * i), end.Token));
                }
            }

            receiving = ReceiveAsync(socket, streams, end);
            await Task.WhenAll(pumps);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left or the server stops: what is open is closed below.
        }
        finally
        {
            await socket.CloseAsync(receiving, time);
            await end.CancelAsync();
            await receiving;
            foreach (var stream in streams)
            {
                if (stream is not null)
                {
                    await stream.DisposeAsync();
                }
            }
        }
    }

    private static int[] ReadPorts(IQueryCollection query)
    {
        var ports = query["ports"]
            .SelectMany(text => (text ?? "").Split(','))
            .Select(text =>
                int.TryParse(text, out var port) && port is > 0 and < 65536
                    ? port
                    : throw StoreErrors.BadRequest($"\"{text}\" is not a port")
            )
            .ToArray();
        return ports.Length is > 0 and <= 100
            ? ports
            : throw StoreErrors.BadRequest("query parameter \"ports\" is required, at most 100 times");
    }

    private static async Task AnnounceAsync(ChannelSocket socket, int index, int port, CancellationToken cancellation)
    {
        for (var channel = 2 * index; channel <= (2 * index) + 1; channel++)
        {
            var message = new byte[3];
            message[0] = (byte)channel;
            BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(1), (ushort)port);
            await socket.SendAsync(message, cancellation);
        }
    }

    private async Task<Stream?> ConnectAsync(
        ChannelSocket socket,
        string @namespace,
        string pod,
        int index,
        int port,
        CancellationToken cancellation
    )
    {
        try
        {
            return await runtime.ConnectAsync(@namespace, pod, port, cancellation);
        }
        catch (Exception e) when (e is StoreException or SocketException or IOException)
        {
            byte[] message =
            [
                (byte)((2 * index) + 1),
                .. Encoding.UTF8.GetBytes($"error forwarding port {port} to pod {pod}: {e.Message}"),
            ];
            await socket.SendAsync(message, cancellation);
            return null;
        }
    }

    private static async Task PumpAsync(ChannelSocket socket, Stream stream, byte channel, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await socket.PumpAsync(stream, channel, buffer, cancellation);
        }
        catch (IOException)
        {
            // The pod's end is gone: the connection ends, as it would with a reset.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task ReceiveAsync(ChannelSocket socket, Stream?[] streams, CancellationTokenSource end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await socket.ReceiveAsync(
                buffer,
                (channel, piece) =>
                    channel % 2 == 0 && channel / 2 < streams.Length && piece.Length > 0 && streams[channel / 2] is { } stream
                        ? stream.WriteAsync(piece, end.Token)
                        : ValueTask.CompletedTask,
                end.Token
            );
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pod's end is gone or all is over; the pump of that connection ends the socket.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await end.CancelAsync();
    }
}
