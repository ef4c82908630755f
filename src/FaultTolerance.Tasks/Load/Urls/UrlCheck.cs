using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Http;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Urls;

/// <summary>Asks a service once before its load starts, so that what cannot work is one line and no row of failures.</summary>
internal static class UrlCheck
{
    private const string Models = "/v1/models";
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Has the service answer a request of one token, and returns the model that it was asked for.</summary>
    /// <param name="transport">The way to it.</param>
    /// <param name="api">What the load will ask for.</param>
    /// <param name="model">The model; null takes the first that the service lists.</param>
    /// <param name="time">For the limit.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="FaultMatrixException">FT0511 to FT0518: why a load would be in vain.</exception>
    public static async Task<string> AnsweringModelAsync(
        IFrontendTransport transport, Api api, string? model, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var service = transport.Ready[0];
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            model ??= FirstModel(await AskAsync(transport, Models, null, both.Token).ConfigureAwait(false), service);
            var body = new JsonObject { ["model"] = model, ["max_tokens"] = 1, ["stream"] = false };
            body[api == Api.Completions ? "prompt" : "messages"] =
                api == Api.Completions ? "1" : new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "1" });
            var path = FrontendTarget.PathOf(api);
            UrlAnswer.MustBeAnswer(await AskAsync(transport, path, body.ToJsonString(), both.Token).ConfigureAwait(false), service, path);
            return model;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(UrlAnswer.Unreached, $"{service.Pod} gives no answer within {Limit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or SocketException or HttpFormatException or AuthenticationException)
        {
            throw await WhyAsync(e, transport, time, both.Token).ConfigureAwait(false);
        }
    }

    private static string FirstModel((ResponseHead Head, byte[] Body) answer, FrontendEndpoint service)
    {
        UrlAnswer.MustBeAnswer(answer, service, Models);
        var listed = JsonNode.Parse(answer.Body) is JsonObject { } all && all["data"] is JsonArray { Count: > 0 } data ? data[0] : null;
        return listed is JsonObject first && first["id"] is JsonValue id && id.TryGetValue<string>(out var name)
            ? name
            : throw new FaultMatrixException(UrlAnswer.NoModel, $"{service.Pod} lists no model at {Models}; name one with --model");
    }

    private static async Task<(ResponseHead Head, byte[] Body)> AskAsync(
        IFrontendTransport transport, string path, string? body, CancellationToken cancellation)
    {
        var service = transport.Ready[0];
        var content = Encoding.UTF8.GetBytes(body ?? "");
        var prefix = service.BaseAddress.AbsolutePath.TrimEnd('/');
        var head = $"{(body is null ? "GET" : "POST")} {prefix}{path} HTTP/1.1\r\nHost: {service.BaseAddress.Authority}\r\n"
            + $"{FrontendTarget.Accept}Connection: close\r\n";
        var type = body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {content.Length}\r\n";
        byte[] request = [.. Encoding.ASCII.GetBytes(head + type), .. service.Headers.Lines.Span, .. "\r\n"u8, .. content];
        using var connection = new HttpConnection(
            await transport.ConnectAsync(service, cancellation).ConfigureAwait(false), FrontendTarget.For(service));
        await using (
            cancellation.UnsafeRegister(static connection => ((HttpConnection)connection!).Abort(), connection).ConfigureAwait(false)
        )
        {
            try
            {
                await connection.SendAsync(request).ConfigureAwait(false);
                var answer = await connection.ReadHeadAsync().ConfigureAwait(false);
                return (answer, (await connection.ReadBodyAsync(answer, MostBytes).ConfigureAwait(false)).ToArray());
            }
            catch (Exception e) when (cancellation.IsCancellationRequested && e is IOException or ObjectDisposedException)
            {
                throw new OperationCanceledException(e.Message, e, cancellation);
            }
        }
    }

    private static async Task<FaultMatrixException> WhyAsync(
        Exception e, IFrontendTransport transport, TimeProvider time, CancellationToken cancellation)
    {
        var service = transport.Ready[0];
        var text = service.Headers.Hide(e.Message);
        if (e.InnerException is AuthenticationException trust)
        {
            // Not the certificate: what answers there does no TLS, or none of a version that is known.
            var certificate = (trust.InnerException ?? trust).Message.Contains("certificate", StringComparison.OrdinalIgnoreCase);
            return new(certificate ? UrlAnswer.Untrusted : UrlAnswer.OtherProtocol, certificate
                ? $"{text}; name the authority that signed it with --ca-file" : text, e);
        }

        if (e is TransportException { Outcome: not Outcome.ResetBeforeHeaders })
        {
            return new(UrlAnswer.Unreached, $"{service.Pod} cannot be reached: {text}", e);
        }

        var plain = service.BaseAddress.Scheme == Uri.UriSchemeHttp;
        var spoken = plain ? await ProtocolProbe.NameAsync(transport, service, time, cancellation).ConfigureAwait(false) : null;
        return new(UrlAnswer.OtherProtocol, $"{service.Pod} does not answer as asked: {spoken ?? text}", e);
    }
}
