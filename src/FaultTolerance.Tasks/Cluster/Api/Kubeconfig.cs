using FaultMatrix.Shared;
using YamlDotNet.Core;
using k8s;
using k8s.Exceptions;

namespace FaultTolerance.Cluster.Api;

/// <summary>Finds the cluster and the credentials, in the order that Kubernetes' own tools use.</summary>
internal static class Kubeconfig
{
    /// <summary>
    /// Loads the configuration; errors are FT0302 (no file), FT0318 (does not parse), FT0316 (context), FT0310 (credentials).
    /// </summary>
    public static async Task<KubeConnection> LoadAsync(ClusterOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var files = Files(options);
        if (files.Length == 0)
        {
            if (KubernetesClientConfiguration.IsInCluster())
            {
                return new KubeConnection(KubernetesClientConfiguration.InClusterConfig());
            }

            files = [KubernetesClientConfiguration.KubeConfigDefaultLocation];
        }

        foreach (var file in files)
        {
            if (!File.Exists(file))
            {
                throw new ClusterException("FT0302", $"no kubeconfig at '{file}'; name one with --kubeconfig or KUBECONFIG")
                {
                    File = file,
                };
            }
        }

        KubeconfigFile config;
        try
        {
            config = await KubeconfigFile.ReadAsync(files, cancellation);
        }
        catch (YamlException e)
        {
            throw Unreadable(files, $"{e.InnerException?.Message ?? e.Message} (line {e.Start.Line})", e);
        }
        catch (Exception e)
            when (e is KubeConfigException or InvalidOperationException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(files, e.Message, e);
        }

        var context = ContextOf(config, options, files);
        var subject = $"context '{context}' of kubeconfig '{files[0]}'";
        try
        {
            return await ConnectionAsync(config, context, subject, time, cancellation);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new ClusterException("FT0310", $"{subject} cannot be used: {FirstLine(e.Message)}", e) { File = files[0] };
        }
    }

    /// <summary>The API behind a connection; certificates and keys are read here.</summary>
    /// <exception cref="ClusterException">FT0310: the credentials or the address cannot be used.</exception>
    public static KubeApi Open(KubeConnection connection, ClusterOptions options, TimeProvider time)
    {
        var client = connection.Client;
        var host = ForeignText.Line(client.Host);
        if (
            !Uri.TryCreate(client.Host, UriKind.Absolute, out var server)
            || (server.Scheme != Uri.UriSchemeHttps && server.Scheme != Uri.UriSchemeHttp)
        )
        {
            throw new ClusterException("FT0310", $"the kubeconfig's server '{host}' is no address; it begins with https:// or http://");
        }

        if (client.AccessToken is { } token && token.Any(char.IsControl))
        {
            throw new ClusterException(
                "FT0310",
                $"the kubeconfig's token for {host} holds a line break or another control character; write it on one line"
            );
        }

        try
        {
            return new KubeApi(connection, options, time);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new ClusterException("FT0310", $"the kubeconfig's credentials for {host} cannot be used: {FirstLine(e.Message)}", e);
        }
    }

    // What the library throws for certificates and keys that are missing, cut off, or of another kind.
    private static bool IsUnusable(Exception e) =>
        e
            is KubeConfigException
                or InvalidOperationException
                or ArgumentException
                or IOException
                or FormatException
                or UnauthorizedAccessException
                or System.Security.Cryptography.CryptographicException
                or System.Text.Json.JsonException
                or KeyNotFoundException
                or NullReferenceException
                or InvalidCastException;

    private static string ContextOf(KubeconfigFile config, ClusterOptions options, string[] files)
    {
        var contexts = config.Contexts.Keys.ToArray();
        if (contexts.Length == 0)
        {
            throw Unreadable(files, "it names no context", null);
        }

        var context = options.Context ?? config.CurrentContext;
        if (string.IsNullOrEmpty(context))
        {
            throw new ClusterException(
                "FT0316",
                $"kubeconfig '{files[0]}' has no current context; choose one with --context: {string.Join(", ", contexts)}"
            )
            {
                File = files[0],
            };
        }

        return config.Contexts.ContainsKey(context)
            ? context
            : throw new ClusterException(
                "FT0316",
                $"kubeconfig '{files[0]}' has no context '{context}'; nearest is '{NearestName.Closest(context, contexts)}'"
            )
            {
                File = files[0],
            };
    }

    private static async Task<KubeConnection> ConnectionAsync(
        KubeconfigFile config,
        string context,
        string subject,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var proxy = config.ProxyOf(context) is { } address
            ? Uri.TryCreate(address, UriKind.Absolute, out var uri)
                ? uri
                : throw new ClusterException("FT0310", $"{subject}: proxy-url '{address}' is no address")
            : null;
        var user = config.UserOf(context);
        ExecPlugin? plugin = null;
        if (user?.ExternalExecution is { } exec && string.IsNullOrEmpty(user.Token))
        {
            plugin = new ExecPlugin(
                exec,
                config.ClusterOf(context) ?? throw new KubeConfigException("its cluster is not defined"),
                subject,
                time
            );
        }
        else if (user?.AuthProvider is { Name: var provider and not "oidc" })
        {
            throw new ClusterException(
                "FT0310",
                $"{subject}: auth-provider '{provider}' is no longer supported by Kubernetes; let the provider's tool write the kubeconfig anew, with an exec plugin"
            );
        }

        // The library would refuse a user whose credentials it does not know; they are put in after it.
        var tokenFile = user is not null && string.IsNullOrEmpty(user.Token) ? config.TokenFileOf(context) : null;
        if (user is not null && (plugin is not null || tokenFile is not null))
        {
            (user.ExternalExecution, user.Token) = (null, "later");
        }

        var client = KubernetesClientConfiguration.BuildConfigFromConfigObject(config.ToModel(), context);
        if (plugin is null && tokenFile is null)
        {
            return new KubeConnection(client, Proxy: proxy);
        }

        client.AccessToken = null;
        if (plugin is null)
        {
            var read = new TokenFile(tokenFile!, time);
            client.TokenProvider = read;
            return new KubeConnection(client, read, Proxy: proxy);
        }

        // Its first answer says what kind of credential it gives.
        var first = await plugin.GetAsync(cancellation);
        client.TokenProvider = first.Token is null ? null : plugin;
        return new KubeConnection(client, first.Token is null ? null : plugin, first.HasCertificate ? plugin : null, proxy);
    }

    private static string[] Files(ClusterOptions options)
    {
        if (File.Exists(options.Kubeconfig))
        {
            return [options.Kubeconfig];
        }

        // What is given may be KUBECONFIG's own list. As kubectl does: of several files, those that are not there are passed over.
        var list = string.IsNullOrEmpty(options.Kubeconfig) ? Environment.GetEnvironmentVariable("KUBECONFIG") : options.Kubeconfig;
        var named = list?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var there = named.Where(File.Exists).ToArray();
        return there.Length > 0 ? there : named;
    }

    private static ClusterException Unreadable(string[] files, string why, Exception? inner) =>
        new("FT0318", $"kubeconfig '{string.Join(Path.PathSeparator, files)}' cannot be read: {FirstLine(why)}", inner) { File = files[0] };

    private static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd('\r');
}
