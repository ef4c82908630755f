using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Load.Urls;

/// <summary>When the server took a request up, sent its first token, each gap, and its end; ticks of the system's monotonic clock.</summary>
internal sealed record Served(long Taken, long First, long Ended, bool Whole)
{
    /// <summary>From each token to the next.</summary>
    public IReadOnlyList<long> Gaps { get; init; } = [];
}

/// <summary>
/// A completion service of a test's own, over TLS with an authority of its own, beneath a prefix, with an API key. It can be killed like a
/// process (its connections break, its port refuses) and started again on the same port.
/// </summary>
internal sealed class TlsService : IAsyncDisposable
{
    private const double GoldenRatio = 0.6180339887498949;

    public const string Prefix = "/team/llm";
    public const string Key = "kEy0f5ecretT3sts";

    private readonly ConcurrentDictionary<string, ConnectionContext> _connections = new();
    private readonly TestAuthority _authority = new();
    private readonly bool _tls;
    private readonly HttpProtocols _protocols;
    private WebApplication? _app;
    private int _streams;

    private TlsService(bool tls, HttpProtocols protocols) => (_tls, _protocols, AuthorityPem) = (tls, protocols, _authority.Pem);

    public int Port { get; private set; }

    public string Url => $"{(_tls ? "https" : "http")}://localhost:{Port}{Prefix}";

    public string AuthorityPem { get; }

    /// <summary>Time from one token to the next.</summary>
    public TimeSpan TokenTime { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Time to the first token; null is <see cref="TokenTime"/>.</summary>
    public TimeSpan? FirstTokenTime { get; set; }

    /// <summary>
    /// How far a request's time from token to token may be from <see cref="TokenTime"/>, as a share of it. Requests of one length make
    /// clients that ask again at once ask all at the same instant; those of a real service differ.
    /// </summary>
    public double Spread { get; set; }

    /// <summary>Answers in place of the service, by path beneath the host; false leaves it.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    public ConcurrentQueue<Served> Served { get; } = new();

    public ConcurrentQueue<(string Path, string Protocol, string Body)> Asked { get; } = new();

    public static async Task<TlsService> StartAsync(bool http2, bool tls = true)
    {
        var service = new TlsService(tls, http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        await service.StartAsync();
        return service;
    }

    /// <summary>Serves (again) on the same port.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // What came is stamped on the thread that read it.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, listen =>
        {
            listen.Protocols = _protocols;
            listen.Use(next => async connection =>
            {
                _connections[connection.ConnectionId] = connection;
                await next(connection);
                _connections.TryRemove(connection.ConnectionId, out _);
            });
            if (_tls)
            {
                listen.UseHttps(_authority.Certificate);
            }
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        Port = new Uri(_app.Urls.First()).Port;
    }

    /// <summary>Ends the service at once, as SIGKILL would: nothing that is under way is finished.</summary>
    public async Task KillAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            var stopping = app.StopAsync(new CancellationToken(canceled: true));
            foreach (var connection in _connections.Values)
            {
                connection.Abort(new ConnectionAbortedException("killed"));
            }

            try
            {
                await stopping;
            }
            catch (OperationCanceledException)
            {
                // Nobody was given time.
            }

            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _authority.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var taken = TimeProvider.System.GetTimestamp();
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Asked.Enqueue((context.Request.Path, context.Request.Protocol, body));
        if (await Instead(context))
        {
            return;
        }

        if (context.Request.Headers.Authorization != $"Bearer {Key}")
        {
            // As some services do, it says what it was given.
            await SayAsync(context, 401, $$$"""{"error": {"message": "wrong key: {{{context.Request.Headers.Authorization}}}"}}""");
            return;
        }

        switch (context.Request.Path.Value)
        {
            case Prefix + "/v1/models":
                await SayAsync(context, 200, """{"object": "list", "data": [{"id": "tiny", "object": "model"}]}""");
                break;
            case Prefix + "/v1/chat/completions" or Prefix + "/v1/completions":
                await CompleteAsync(context, JsonNode.Parse(body)!, taken);
                break;
            default:
                await SayAsync(context, 404, "not here", "text/plain");
                break;
        }
    }

    private async Task CompleteAsync(HttpContext context, JsonNode asked, long taken)
    {
        var chat = context.Request.Path.Value!.Contains("chat", StringComparison.Ordinal);
        var tokens = asked["max_tokens"]!.GetValue<int>();
        if (asked["stream"]?.GetValue<bool>() != true)
        {
            var text = string.Join(' ', Enumerable.Repeat("abcd", tokens));
            var choice = chat ? $$$"""{"message": {"role": "assistant", "content": "{{{text}}}"}}""" : $$"""{"text": "{{text}}"}""";
            await SayAsync(context, 200, $$$"""{"choices": [{{{choice}}}], "usage": {"completion_tokens": {{{tokens}}} } }""");
            Served.Enqueue(new(taken, 0, TimeProvider.System.GetTimestamp(), true));
            return;
        }

        var times = new List<long>();
        var pace = 1 + (Spread * ((2 * (Interlocked.Increment(ref _streams) * GoldenRatio % 1)) - 1));
        var whole = false;
        try
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < tokens; i++)
            {
                await Task.Delay(pace * (i == 0 ? FirstTokenTime ?? TokenTime : TokenTime), context.RequestAborted);
                var piece = chat ? """{"delta": {"content": "abcd "}}""" : """{"text": "abcd "}""";
                await WriteAsync(context, $$"""{"choices": [{{piece}}]}""");
                times.Add(TimeProvider.System.GetTimestamp());
            }

            await WriteAsync(context, $$$"""{"choices": [], "usage": {"completion_tokens": {{{tokens}}} } }""");
            await WriteAsync(context, "[DONE]");
            whole = true;
        }
        catch (OperationCanceledException)
        {
            // Killed, or the client is gone.
        }
        finally
        {
            Served.Enqueue(new(taken, times.FirstOrDefault(), TimeProvider.System.GetTimestamp(), whole)
            {
                Gaps = [.. times.Zip(times.Skip(1), (one, next) => next - one)],
            });
        }
    }

    private static async Task WriteAsync(HttpContext context, string data)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {data}\n\n"), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public static async Task SayAsync(HttpContext context, int status, string text, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text);
    }
}
