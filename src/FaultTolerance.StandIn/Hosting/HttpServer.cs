using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>
/// Kestrel without a host around it: no container, no configuration, no middleware, which is most of what an ASP.NET program spends
/// before it listens.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly KestrelServer _server;

    private HttpServer(KestrelServer server) => _server = server;

    /// <summary>Listens. Throws <see cref="UsageException"/> where the port is taken.</summary>
    public static async Task<HttpServer> StartAsync(IPAddress address, int port, RequestDelegate handler)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(address, port, static listen => listen.Protocols = HttpProtocols.Http1);
        options.Limits.MaxRequestBodySize = 16 * 1024 * 1024;
        var transport = new SocketTransportFactory(
            // A handler goes on where the bytes came in: each change of thread wakes one.
            Options.Create(new SocketTransportOptions { IOQueueCount = 0, UnsafePreferInlineScheduling = true }),
            NullLoggerFactory.Instance
        );
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(handler), CancellationToken.None);
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            server.Dispose();
            throw new UsageException($"cannot listen on {address}:{port}: {taken.Message}");
        }

        return new(server);
    }

    /// <summary>Takes no more, finishes what is under way within <paramref name="grace"/>, and cuts the rest off.</summary>
    public async Task DrainAsync(TimeSpan grace, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(grace, time);
        await _server.StopAsync(limit.Token);
    }

    /// <summary>Stops at once; requests in flight are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }

    private sealed class Application(RequestDelegate handler) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => handler(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
