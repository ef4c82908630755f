using System.Net.Sockets;
using System.Text;

namespace FaultTolerance.Load.Http;

/// <summary>
/// One request to a frontend outside of a load, over a connection of its own, with the load's own eyes for what is no HTTP.
/// </summary>
internal static class FrontendCall
{
    /// <summary>Asks; a body makes it a POST of JSON.</summary>
    /// <param name="transport">The way to the frontend.</param>
    /// <param name="frontend">The frontend.</param>
    /// <param name="path">Path from the root.</param>
    /// <param name="body">JSON to post, or null to get.</param>
    /// <param name="limit">Bytes above which an answer is refused.</param>
    /// <param name="time">For the limits of what finds out about another protocol.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="HttpFormatException">What answers is no plain HTTP/1.1, and what it is; or the answer is too long.</exception>
    /// <exception cref="IOException">The connection broke, or could not be made.</exception>
    public static async Task<(int Status, byte[] Body)> AskAsync(
        IFrontendTransport transport,
        FrontendEndpoint frontend,
        string path,
        string? body,
        int limit,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        try
        {
            var answer = await OnceAsync(transport, frontend, path, body, limit, cancellation).ConfigureAwait(false);
            return
                answer.Status == 400
                && await ProtocolProbe.NameAsync(transport, frontend, time, cancellation).ConfigureAwait(false) is { } name
                ? throw new HttpFormatException(name)
                : answer;
        }
        catch (Exception e) when (e is (IOException or SocketException) and not TransportException)
        {
            throw await ProtocolProbe.NameAsync(transport, frontend, time, cancellation).ConfigureAwait(false) is { } name
                ? new HttpFormatException(name)
                : e as IOException ?? new IOException(e.Message, e);
        }
    }

    private static async Task<(int Status, byte[] Body)> OnceAsync(
        IFrontendTransport transport, FrontendEndpoint frontend, string path, string? body, int limit, CancellationToken cancellation)
    {
        var content = Encoding.UTF8.GetBytes(body ?? "");
        var prefix = frontend.BaseAddress.AbsolutePath.TrimEnd('/');
        var head =
            $"{(body is null ? "GET" : "POST")} {prefix}{path} HTTP/1.1\r\nHost: {frontend.BaseAddress.Authority}\r\n{FrontendTarget.Accept}Connection: close\r\n"
            + (body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {content.Length}\r\n");
        using var connection = new HttpConnection(
            await transport.ConnectAsync(frontend, cancellation).ConfigureAwait(false),
            FrontendTarget.For(frontend)
        );
        await using (
            cancellation.UnsafeRegister(static connection => ((HttpConnection)connection!).Abort(), connection).ConfigureAwait(false)
        )
        {
            try
            {
                await connection.SendAsync(
                    (byte[])[.. Encoding.ASCII.GetBytes(head), .. frontend.Headers.Lines.Span, .. "\r\n"u8, .. content]).ConfigureAwait(false);
                var answer = await connection.ReadHeadAsync().ConfigureAwait(false);
                AnswerTrouble.MustBePlain(answer);
                return (answer.Status, (await connection.ReadBodyAsync(answer, limit).ConfigureAwait(false)).ToArray());
            }
            catch (Exception e) when (cancellation.IsCancellationRequested && e is IOException or ObjectDisposedException)
            {
                throw new OperationCanceledException(e.Message, e, cancellation);
            }
        }
    }
}
