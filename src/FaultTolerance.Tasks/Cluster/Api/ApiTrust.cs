using k8s;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// Whom a connection to the API server trusts where the kubeconfig names authorities: these alone, as kubectl does. The client library's
/// own check comes after one by all authorities of the system, which .NET puts together anew for each connection: that costs more than all
/// the rest of a handshake.
/// </summary>
internal static class ApiTrust
{
    /// <summary>Sets it up; nothing where no authorities are named, or none are asked for.</summary>
    /// <param name="handler">The library's handler.</param>
    /// <param name="configuration">What was read of the kubeconfig.</param>
    public static void Apply(SocketsHttpHandler handler, KubernetesClientConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration is { SkipTlsVerify: false, SslCaCerts: { Count: > 0 } authorities })
        {
            handler.SslOptions.CertificateChainPolicy = NamedAuthorities.Policy(authorities);
            handler.SslOptions.RemoteCertificateValidationCallback = null;
        }
    }
}
