namespace FaultTolerance.Load.Http;

/// <summary>
/// Asks a port that gave no HTTP answer what it speaks instead. Servers of TLS and of HTTP/2 often just close a connection that speaks
/// HTTP/1.1, which looks like a reset of the service.
/// </summary>
internal static class ProtocolProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // A whole ClientHello (RFC 5246) with one old cipher suite: a server of TLS answers it with a record, be it a handshake or an alert.
    private static readonly byte[] ClientHello =
    [
        0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3, .. new byte[32], 0, 0, 2, 0, 0x2F, 1, 0,
    ];

    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    /// <summary>What the port speaks, for a message; null where that is not TLS nor HTTP/2, or cannot be told.</summary>
    public static async Task<string?> NameAsync(
        IFrontendTransport transport,
        FrontendEndpoint frontend,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (
            await AnswerAsync(transport, frontend, ClientHello, time, cancellation).ConfigureAwait(false) is { } hello
            && ForeignProtocol.IsTls(hello)
        )
        {
            return ForeignProtocol.Tls;
        }

        return
            await AnswerAsync(transport, frontend, Preface, time, cancellation).ConfigureAwait(false) is { } settings
            && ForeignProtocol.IsHttp2(settings)
            ? ForeignProtocol.Http2
            : null;
    }

    // The first bytes that come back; null where none do.
    private static async Task<byte[]?> AnswerAsync(
        IFrontendTransport transport, FrontendEndpoint frontend, byte[] words, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await using var stream = await transport.ConnectAsync(frontend, both.Token).ConfigureAwait(false);
            await stream.WriteAsync(words, both.Token).ConfigureAwait(false);
            var first = new byte[ForeignProtocol.Enough];
            var held = await stream.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, both.Token).ConfigureAwait(false);
            return first[..held];
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or ObjectDisposedException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
