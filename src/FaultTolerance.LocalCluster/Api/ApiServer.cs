using System.Net;
using System.Security.Cryptography.X509Certificates;
using FaultTolerance.LocalCluster.Api.Access;
using FaultTolerance.LocalCluster.Api.Admission;
using FaultTolerance.LocalCluster.Api.Conversion;
using FaultTolerance.LocalCluster.Api.Discovery;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Streams;
using FaultTolerance.LocalCluster.Api.Tables;
using FaultTolerance.LocalCluster.Api.Verbs;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Api;

/// <summary>The Kubernetes API on a loopback port.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();

    private ApiServer(WebApplication app, ApiVerbs verbs) => (_app, Verbs) = (app, verbs);

    /// <summary>The verbs without HTTP, for manifests that are applied at start.</summary>
    public ApiVerbs Verbs { get; }

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    /// <summary>Makes a server; nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="store">Holds the objects.</param>
    /// <param name="runtime">Serves logs, exec and port-forward.</param>
    /// <param name="tokens">Who may ask.</param>
    /// <param name="certificate">The server's, with its key.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="serviceAddresses">The addresses that Services can have; null for those of 127.255.0.0/16.</param>
    /// <param name="logging">Adds providers for warnings and worse; null for none.</param>
    public static ApiServer Create(
        MemoryStore store, IPodRuntime runtime, TokenBook tokens, X509Certificate2 certificate, int port, TimeProvider time,
        Func<IEnumerable<string>>? serviceAddresses = null, Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        logging?.Invoke(builder.Logging);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
            options.Limits.Http2.MaxStreamsPerConnection = 1000;
            options.Limits.MinResponseDataRate = null;
            options.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate);
            });
        });
        var app = builder.Build();
        var catalog = new ResourceCatalog(store);
        var reads = new ReadVerbs(store);
        var writes = new WriteVerbs(store,
            new Defaults(store, serviceAddresses ?? (() => Enumerable.Range(1, 254).Select(host => $"127.255.0.{host}")), time), time);
        var deletes = new DeleteVerbs(store, catalog, time);
        var server = new ApiServer(app, new(catalog, reads, writes, deletes));
        var authorizer = new RbacAuthorizer(store);
        var answers = new ListAnswers(new TableRenderer(time));
        var resources = new ResourceEndpoint(reads, writes, deletes, new ScaleVerbs(reads, writes), answers,
            new WatchEndpoint(store, answers, time),
            new ConversionWebhook(store, time));
        var pods = new PodEndpoint(
            store,
            deletes,
            tokens,
            new LogStream(runtime, time),
            new ExecStream(runtime, time),
            new PortForwardStream(runtime, time),
            time
        );
        var handler = new ApiHandler(
            tokens,
            authorizer,
            catalog,
            new DiscoveryDocuments(catalog),
            resources,
            new ReviewEndpoint(authorizer),
            pods,
            server._stopping.Token
        );
        app.UseWebSockets();

        // Kestrel's own Date is renewed once a second, and later than that on a busy machine; clients measure clocks by it.
        app.Run(context =>
        {
            context.Response.Headers.Date = time.GetUtcNow().ToString("r", System.Globalization.CultureInfo.InvariantCulture);
            return handler.HandleAsync(context);
        });
        return server;
    }

    /// <summary>Listens. <see cref="IOException"/> when the port is taken.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _app.StartAsync(cancellation);
        Port = new Uri(_app.Urls.First()).Port;
    }

    /// <summary>Ends watches and streams, then the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }
}

/// <summary>What the API does, for callers inside the process.</summary>
internal sealed record ApiVerbs(ResourceCatalog Catalog, ReadVerbs Reads, WriteVerbs Writes, DeleteVerbs Deletes);
