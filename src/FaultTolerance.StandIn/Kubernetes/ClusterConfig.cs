using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Kubernetes;

/// <summary>Where the API server is and how to speak to it, found where every in-cluster client finds it.</summary>
internal sealed record ClusterConfig(Uri Server, string? TokenFile, string? AuthorityFile)
{
    private const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>
    /// Reads KUBERNETES_SERVICE_HOST and _PORT and the service account's folder, which KUBERNETES_SERVICE_ACCOUNT_FOLDER names where a
    /// cluster cannot mount it at its usual place. STANDIN_KUBERNETES_URL, _TOKEN_FILE and _CA_FILE
    /// take their place for a process that runs outside of a cluster. Throws <see cref="UsageException"/> where there is neither.
    /// </summary>
    public static ClusterConfig FromEnvironment(Func<string, string?> variable)
    {
        var account = variable("KUBERNETES_SERVICE_ACCOUNT_FOLDER") ?? AccountFolder;
        var tokenFile = variable("STANDIN_KUBERNETES_TOKEN_FILE") ?? $"{account}/token";
        var authorityFile = variable("STANDIN_KUBERNETES_CA_FILE") ?? $"{account}/ca.crt";
        var text = variable("STANDIN_KUBERNETES_URL");
        if (text is null)
        {
            var host = variable("KUBERNETES_SERVICE_HOST");
            var port = variable("KUBERNETES_SERVICE_PORT") ?? "443";
            if (string.IsNullOrEmpty(host))
            {
                throw new UsageException(
                    "no Kubernetes API: KUBERNETES_SERVICE_HOST is not set; run in a cluster, or set STANDIN_KUBERNETES_URL"
                );
            }

            text = host.Contains(':', StringComparison.Ordinal) ? $"https://[{host}]:{port}" : $"https://{host}:{port}";
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            ? new(server!, File.Exists(tokenFile) ? tokenFile : null, File.Exists(authorityFile) ? authorityFile : null)
            : throw new UsageException($"STANDIN_KUBERNETES_URL is '{text}', but must be an http or https address");
    }

    /// <summary>As <see cref="FromEnvironment"/>; null where the process has no API to speak to, or no token for it.</summary>
    public static ClusterConfig? TryFromEnvironment(Func<string, string?> variable) =>
        string.IsNullOrEmpty(variable("STANDIN_KUBERNETES_URL")) && string.IsNullOrEmpty(variable("KUBERNETES_SERVICE_HOST"))
            ? null
            : FromEnvironment(variable) is var config && (config.TokenFile is not null || config.Server.Scheme == Uri.UriSchemeHttp)
                ? config
                : null;

    /// <summary>A handler that trusts the cluster's own authority and nothing else.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2) };
        if (AuthorityFile is not null)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(AuthorityFile);
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    /// <summary>The token as it is now: projected tokens are renewed in place.</summary>
    public async ValueTask<string?> ReadTokenAsync(CancellationToken cancellation) =>
        TokenFile is null ? null : (await File.ReadAllTextAsync(TokenFile, cancellation)).Trim();
}
