using System.Net.WebSockets;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Streams;

/// <summary>
/// A WebSocket that carries several channels: the first byte of each message says which. In the protocols that are named base64 it is
/// the channel's digit, and the rest of the message, a text, is base64.
/// </summary>
internal sealed class ChannelSocket : IDisposable
{
    /// <summary>Where a client names no protocol, as in Kubernetes.</summary>
    public const string Unnamed = "";

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private readonly WebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1, 1);

    private readonly bool _base64;

    private ChannelSocket(WebSocket socket, string protocol) =>
        (_socket, Protocol, _base64) = (socket, protocol, protocol.Contains("base64", StringComparison.Ordinal));

    /// <summary>The protocol that was agreed on.</summary>
    public string Protocol { get; }

    /// <summary>
    /// The first of the served protocols that the client offers, <see cref="Unnamed"/> when it offers none; 400 when it offers only
    /// others, or no WebSocket.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="what">exec, attach or port-forward, for the message.</param>
    /// <param name="served">Protocols, the best first.</param>
    public static string Negotiate(HttpContext context, string what, params ReadOnlySpan<string> served)
    {
        if (context.WebSockets.IsWebSocketRequest && context.WebSockets.WebSocketRequestedProtocols.Count == 0)
        {
            return Unnamed;
        }

        foreach (var protocol in served)
        {
            if (context.WebSockets.IsWebSocketRequest && context.WebSockets.WebSocketRequestedProtocols.Contains(protocol))
            {
                return protocol;
            }
        }

        var asked = context.WebSockets.IsWebSocketRequest
            ? $"WebSocket {string.Join(", ", context.WebSockets.WebSocketRequestedProtocols)}"
            : context.Request.Headers.Upgrade.ToString() is { Length: > 0 } upgrade ? upgrade : "plain HTTP";
        var advice = what is "exec" or "attach"
            ? "kubectl speaks it from 1.30 on"
            : "kubectl's port-forward speaks only SPDY: use a client library's WebSocket port-forward, or connect to the pod's address, which is on loopback";
        throw StoreErrors.BadRequest(
            $"this cluster serves {what} over WebSocket with {string.Join(" or ", served.ToArray())}, not over {asked}; {advice}"
        );
    }

    /// <summary>Upgrades the request.</summary>
    public static async Task<ChannelSocket> AcceptAsync(HttpContext context, string protocol) =>
        new(await context.WebSockets.AcceptWebSocketAsync(protocol == Unnamed ? null : protocol), protocol);

    /// <summary>Sends one message, whose first byte is the channel.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            await _socket.SendAsync(
                _base64 ? Base64Message.Encode(message.Span) : message, _base64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary,
                    endOfMessage: true, cancellation);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends what a stream holds to a channel, piece by piece, until it ends.</summary>
    public async Task PumpAsync(Stream source, byte channel, byte[] buffer, CancellationToken cancellation)
    {
        buffer[0] = channel;
        while (await source.ReadAsync(buffer.AsMemory(1), cancellation) is var count and > 0)
        {
            await SendAsync(buffer.AsMemory(0, count + 1), cancellation);
        }
    }

    /// <summary>
    /// Hands every piece of every message to <paramref name="receive"/>, with its channel, until the client closes or leaves.
    /// A long message comes in several pieces. <see cref="IOException"/> for base64 that is none.
    /// </summary>
    public async Task ReceiveAsync(byte[] buffer, Func<byte, ReadOnlyMemory<byte>, ValueTask> receive, CancellationToken cancellation)
    {
        byte? channel = null;
        var text = new Base64Message();
        while (true)
        {
            ValueWebSocketReceiveResult result;
            try
            {
                result = await _socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            }
            catch (WebSocketException)
            {
                // The client went away without a farewell.
                return;
            }

            if (result.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            var piece = buffer.AsMemory(0, result.Count);
            if (channel is null && result.Count > 0)
            {
                channel = (byte)(piece.Span[0] - (_base64 ? '0' : 0));
                piece = piece[1..];
            }

            if (channel is { } known)
            {
                await receive(known, _base64 ? text.Decode(piece.Span, result.EndOfMessage) : piece);
            }

            if (result.EndOfMessage)
            {
                channel = null;
            }
        }
    }

    /// <summary>Says that nothing follows, and waits a little for the client to agree.</summary>
    public async Task CloseAsync(Task receiving, TimeProvider time)
    {
        try
        {
            using var limit = new CancellationTokenSource(Farewell, time);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token);
            }

            await receiving.WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            _socket.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }
}
