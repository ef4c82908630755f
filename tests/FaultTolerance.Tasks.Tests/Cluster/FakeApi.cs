using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using FaultTolerance.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Tests.Cluster;

/// <summary>
/// A Kubernetes API on loopback whose every answer a test decides. Connecting needs no more than what it answers by itself.
/// </summary>
internal sealed class FakeApi : IAsyncDisposable
{
    public const string Namespace = "ft";
    private readonly WebApplication _app;
    private readonly string _folder = Directory.CreateTempSubdirectory("fake-api").FullName;

    private FakeApi(WebApplication app) => _app = app;

    /// <summary>Answers a request and returns true, or leaves it (404).</summary>
    public Func<HttpContext, Task<bool>> Handle { get; set; } = _ => Task.FromResult(false);

    /// <summary>Method and path of every request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public string Address => _app.Urls.First();

    public string Kubeconfig { get; private set; } = "";

    public string Folder => _folder;

    /// <param name="certificate">Where given, it speaks TLS with it, and takes any client certificate.</param>
    public static async Task<FakeApi> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is null)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder
                .WebHost.UseKestrelHttpsConfiguration()
                .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
                        {
                            https.ServerCertificate = certificate;
                            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                            https.AllowAnyClientCertificate();
                        })));
        }

        var app = builder.Build();
        var api = new FakeApi(app);
        app.UseWebSockets();
        app.Run(api.AnswerAsync);
        await app.StartAsync();
        api.Kubeconfig = api.Write("config", $"""
            apiVersion: v1
            kind: Config
            current-context: main
            contexts:
            - name: main
              context:
                cluster: c
                user: u
                namespace: ft
            clusters:
            - name: c
              cluster:
                server: {api.Address}
            users:
            - name: u
              user:
                token: abc
            """);
        return api;
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public Task<ClusterSession> ConnectAsync(TimeProvider? time = null, int retries = 3) =>
        ClusterSession.ConnectAsync(
            new ClusterOptions { Kubeconfig = Kubeconfig, Retries = retries },
            time ?? TimeProvider.System,
            TestContext.Current.CancellationToken
        );

    public static async Task<bool> JsonAsync(HttpContext http, string json, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(json, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        return true;
    }

    public static Task<bool> StatusAsync(HttpContext http, int status, string reason, string message) =>
        JsonAsync(
            http,
            $$"""{"kind":"Status","status":"Failure","code":{{status}},"reason":"{{reason}}","message":"{{message}}"}""",
            status
        );

    /// <summary>Accepts a WebSocket with a subprotocol and hands it over; closes it properly afterwards.</summary>
    public static async Task<bool> SocketAsync(HttpContext http, string protocol, Func<WebSocket, Task> talk)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync(protocol);
        await talk(socket);
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
        }

        return true;
    }

    public static Task SendAsync(WebSocket socket, byte channel, ReadOnlySpan<byte> data) =>
        socket.SendAsync(
            new[] { channel }.Concat(data.ToArray()).ToArray(),
            WebSocketMessageType.Binary,
            true,
            TestContext.Current.CancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Requests.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
        if (await Handle(http))
        {
            return;
        }

        var answered = http.Request.Path.Value switch
        {
            "/version" => JsonAsync(http, """{"gitVersion":"v1.99.0"}"""),
            "/api/v1/namespaces/ft" => JsonAsync(http, """{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"ft"}}"""),
            _ => StatusAsync(http, 404, "NotFound", "the server could not find the requested resource"),
        };
        await answered;
    }
}
