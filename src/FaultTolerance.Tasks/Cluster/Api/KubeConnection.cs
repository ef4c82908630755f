using k8s;

namespace FaultTolerance.Cluster.Api;

/// <summary>How a cluster is reached, and as whom.</summary>
/// <param name="Client">Address, trust and credentials, for the client library.</param>
/// <param name="Renewable">The source of the tokens, where it can renew one that was refused.</param>
/// <param name="Certificates">The plugin that gives the client certificate, where one does.</param>
/// <param name="Proxy">The kubeconfig's own proxy; null leaves it to the environment (HTTPS_PROXY, NO_PROXY).</param>
internal sealed record KubeConnection(
    KubernetesClientConfiguration Client,
    IRenewableToken? Renewable = null,
    ExecPlugin? Certificates = null,
    Uri? Proxy = null
);
