using FaultTolerance.LocalCluster.Api;
using FaultTolerance.LocalCluster.Api.Access;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>One cluster, put together: store, API, controllers, kubelet, in the order in which they need each other.</summary>
internal sealed class LocalClusterHost : IAsyncDisposable
{
    private readonly Stack<object> _parts = [];

    private LocalClusterHost()
    {
    }

    /// <summary>Where the API is.</summary>
    public string Server { get; private set; } = "";

    /// <summary>Whether every container has a PID namespace of its own.</summary>
    public bool PidNamespaces { get; private set; }

    /// <summary>Whether every pod has a network of its own.</summary>
    public bool PodNetworks { get; private set; }

    /// <summary>What this machine cannot give, or null.</summary>
    public string? Note { get; private set; }

    /// <summary>Completes when a part of the cluster stops working by a mistake of its own.</summary>
    public Task<Exception> Failure { get; private set; } = new TaskCompletionSource<Exception>().Task;

    /// <summary>Starts a cluster; when that fails, nothing of it is left. FT3006 when the port is taken.</summary>
    public static async Task<LocalClusterHost> StartAsync(ClusterOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var host = new LocalClusterHost();
        try
        {
            await host.BuildAsync(options, time, cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the parts in reverse order, the last of them the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            if (part is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else
            {
                ((IDisposable)part).Dispose();
            }
        }
    }

    private async Task BuildAsync(ClusterOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var folder = Own(DataFolder.Open(options.DataDirectory));
        var logs = Own(LoggerFactory.Create(builder => AddLog(builder, folder.Path, time)));
        var certificates = Own(ClusterCertificates.Create(time));
        var authorityFile = Path.Combine(folder.Path, "ca.crt");
        await File.WriteAllTextAsync(authorityFile, certificates.AuthorityPem, cancellation);

        var addresses = Own(PodAddresses.Claim());
        var store = new MemoryStore(time);
        var tokens = new TokenBook();
        var runtime = new LateRuntime();
        var api = Own(ApiServer.Create(store, runtime, tokens, certificates.Server, options.Port, time, addresses.ForServices, builder =>
            AddLog(builder, folder.Path, time)));
        SeedObjects.Make(api.Verbs, options.Namespaces);
        try
        {
            await api.StartAsync(cancellation);
        }
        catch (IOException e)
        {
            throw new UserError(
                "FT3006",
                $"port {options.Port} on 127.0.0.1 cannot be used: {e.Message} Choose another with --port, or 0 for a free one."
            );
        }

        Server = $"https://127.0.0.1:{api.Port}";
        var kubelet = Own(new LocalKubelet(
            store,
            new KubeletOptions
            {
                DataDirectory = folder.Path,
                Images = options.Images,
                PodNetworks = options.PodNetworks,
                ApiServerHost = "127.0.0.1",
                ApiServerPort = api.Port,
                CaPem = authorityFile,
                TokenFor = (@namespace, account, _) => tokens.Issue(User.ServiceAccount(@namespace, account)),
            },
            addresses,
            time,
            logs));
        await kubelet.StartAsync(cancellation);
        runtime.Set(kubelet);
        (PidNamespaces, PodNetworks, Note, Failure) = (kubelet.PidNamespaces, kubelet.Networks is not null, kubelet.Note, kubelet.Failure);
        if (PodNetworks)
        {
            SeedObjects.MakeNetworkFaults(api.Verbs);
        }

        await Own(new ControllerManager(store, kubelet.Listeners, time, logs, kubelet.Networks)).StartAsync(cancellation);

        var home = options.Namespaces is [var first, ..] ? first : "default";
        var applier = new ManifestApplier(api.Verbs);
        foreach (var manifest in options.Manifests)
        {
            await applier.ApplyAsync(manifest, home, cancellation);
        }

        KubeconfigFile.Write(options.Kubeconfig, Server, certificates.AuthorityPem, tokens.Issue(User.Admin), home);
    }

    private static void AddLog(ILoggingBuilder builder, string folder, TimeProvider time) =>
        builder.SetMinimumLevel(LogLevel.Warning).AddProvider(new WarningLog(Path.Combine(folder, "cluster.log"), time));

    private T Own<T>(T part)
        where T : notnull
    {
        _parts.Push(part);
        return part;
    }
}
