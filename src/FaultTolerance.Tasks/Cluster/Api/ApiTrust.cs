using k8s;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// Whom a connection to the API server trusts where the kubeconfig names authorities: these alone, as kubectl does. The client library
/// asks them only after .NET has asked all authorities of the system, which it puts together anew for each connection.
/// </summary>
internal static class ApiTrust
{
    /// <summary>Sets it up; nothing where no authorities are named, or the server is not to be checked.</summary>
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
