using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Polly.Timeout;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// The Kubernetes API as REST. Connection and credentials are the client library's; the calls are made here, so that custom
/// resources, paging, watches and errors go one way for every type, and so that an answer of another type than expected
/// (a Status where the object is meant, as old servers answer a deletion) does no harm.
/// </summary>
internal sealed class KubeApi : IDisposable
{
    private readonly Kubernetes _client;
    private readonly ConcurrentBag<Kubernetes> _renewed = [];
    private readonly HttpClient _http;
    private readonly HttpMessageInvoker _handshakes;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;

    /// <summary>Connects nothing yet.</summary>
    public KubeApi(KubeConnection connection, ClusterOptions options, TimeProvider time)
    {
        (_time, _limit) = (time, options.RequestTimeout);
        var configuration = connection.Client;
        var (client, inner) = Connect(connection, null);
        _client = client;
        if (connection.Certificates is { } plugin)
        {
            inner = new ClientCertificateHandler(plugin, credential => Keep(Connect(connection, credential)));
        }

        AuthorizingHandler Authorized() =>
            new(
                _client.Credentials,
                connection.Renewable,
                string.IsNullOrEmpty(configuration.TlsServerName) ? null : configuration.TlsServerName
            )
            {
                InnerHandler = inner,
            };
        _http = new HttpClient(ApiRetry.Over(Authorized(), options, time), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _handshakes = new HttpMessageInvoker(new HandshakeHandler { InnerHandler = Authorized() }, disposeHandler: false);
        Server = _client.BaseUri;
    }

    /// <summary>Its connections, which a fault can cut.</summary>
    public ApiLine Line { get; } = new();

    /// <summary>Address of the API server.</summary>
    public Uri Server { get; }

    /// <summary>GET of one object or a collection.</summary>
    public async Task<JsonDocument> GetAsync(ApiCall call, string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(call, HttpMethod.Get, path, null, null, cancellation);
        return await ReadAsync(call, response, cancellation);
    }

    /// <summary>A call with a JSON body; the answer's body whatever its type.</summary>
    public async Task<JsonDocument> SendAsync(
        ApiCall call,
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken cancellation,
        string contentType = "application/json",
        bool onlyAsks = false
    )
    {
        using var response = await SendAsync(call, method, path, body?.ToJsonString(), contentType, cancellation, onlyAsks: onlyAsks);
        return await ReadAsync(call, response, cancellation);
    }

    /// <summary>GET whose body the caller reads within limits of its own (watch, log). The caller disposes the response.</summary>
    /// <param name="call">The call, for messages.</param>
    /// <param name="path">Path and query below the server's own.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="repeated">Whether a call that fails is repeated; a watch sees to that itself.</param>
    public Task<HttpResponseMessage> OpenAsync(ApiCall call, string path, CancellationToken cancellation, bool repeated = false) =>
        SendAsync(call, HttpMethod.Get, path, null, null, cancellation, once: !repeated);

    /// <summary>GET of a log.</summary>
    public async Task<Stream> OpenLogAsync(ApiCall call, string path, bool follow, CancellationToken cancellation)
    {
        var response = await OpenAsync(call, path, cancellation, repeated: true);
        return await LimitedStream.OverAsync(
            call,
            Server,
            response,
            follow ? BodyLimits.FollowedLog : BodyLimits.Log(_limit),
            _time,
            cancellation
        );
    }

    /// <summary>
    /// Upgrades to a WebSocket with one of the subprotocols. Errors carry the status and text of a refused handshake.
    /// </summary>
    public async Task<WebSocket> ConnectAsync(ApiCall call, string path, IEnumerable<string> protocols, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        foreach (var protocol in protocols)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        var refused = new RefusedHandshake();
        try
        {
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
            var address = new UriBuilder(At(path)) { Scheme = Server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;
            HandshakeHandler.Current.Value = refused;
            using var limit = new CancellationTokenSource(_limit, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            try
            {
                await socket.ConnectAsync(address, _handshakes, both.Token);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutRejectedException("the handshake was not answered", _limit, e);
            }

            return socket;
        }
        catch (Exception e) when (e is WebSocketException || ApiErrors.IsBroken(e))
        {
            socket.Dispose();
            throw refused.Status is { } status ? ApiErrors.From(call, status, refused.Body) : ApiErrors.From(call, Server, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _handshakes.Dispose();
        _client.Dispose();
        foreach (var client in _renewed)
        {
            client.Dispose();
        }
    }

    private (Kubernetes Client, HttpMessageHandler Sockets) Connect(KubeConnection connection, ExecCredential? credential)
    {
        SocketsHttpHandler? sockets = null;
        var configuration = connection.Client;
        configuration.FirstMessageHandlerSetup = handler => sockets = handler;
        if (credential is { Certificate: { } certificate, Key: { } key })
        {
            configuration.ClientCertificateData = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate));
            configuration.ClientCertificateKeyData = Convert.ToBase64String(Encoding.UTF8.GetBytes(key));
        }

        var client = new Kubernetes(configuration);
        var made = sockets ?? throw new InvalidOperationException("the client library made no SocketsHttpHandler");
        ApiTrust.Apply(made, configuration);
        made.ConnectCallback = Line.ConnectAsync;
        made.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1);
        if (connection.Proxy is { } proxy)
        {
            (made.Proxy, made.UseProxy) = (new WebProxy(proxy), true);
        }

        return (client, made);
    }

    private HttpMessageHandler Keep((Kubernetes Client, HttpMessageHandler Sockets) made)
    {
        _renewed.Add(made.Client);
        return made.Sockets;
    }

    private async Task<HttpResponseMessage> SendAsync(
        ApiCall call,
        HttpMethod method,
        string path,
        string? body,
        string? contentType,
        CancellationToken cancellation,
        bool once = false,
        bool onlyAsks = false
    )
    {
        using var request = new HttpRequestMessage(method, At(path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*", 0.5));
        request.Options.Set(ApiRetry.NotRepeated, once);
        request.Options.Set(ApiRetry.OnlyAsks, onlyAsks);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(contentType!));
        }

        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception e) when (ApiErrors.IsBroken(e))
        {
            throw ApiErrors.From(call, Server, e);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = await ErrorText.ReadAsync(response, _time, cancellation);
            throw ApiErrors.From(call, response.StatusCode, text);
        }
    }

    private async Task<JsonDocument> ReadAsync(ApiCall call, HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await LimitedStream.OverAsync(call, Server, response, BodyLimits.Json(_limit), _time, cancellation);
            return await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
        }
        catch (JsonException e)
        {
            throw new ClusterException("FT0309", $"cannot {call}: {Server} did not answer with JSON; is it a Kubernetes API?", e)
            {
                Status = response.StatusCode,
            };
        }
    }

    // The server may lie below a path of its own (Rancher, bastions, kubectl proxy); Uri's own way of joining would drop it.
    private Uri At(string path) => new($"{Server.GetLeftPart(UriPartial.Authority)}{Server.AbsolutePath.TrimEnd('/')}{path}");
}
