namespace FaultTolerance.Cluster;

/// <summary>Which cluster, as whom, and where in it.</summary>
internal sealed record ClusterOptions
{
    /// <summary>
    /// Kubeconfig file, or several as <c>KUBECONFIG</c> lists them; null: <c>KUBECONFIG</c> (several files are merged), then the pod's
    /// service account, then <c>~/.kube/config</c>.
    /// </summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Context in the kubeconfig; null: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>Namespace of the graphs; null: the context's, then <c>default</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>Limit for one call to the API (not for watches, logs and tunnels).</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call that may be repeated is repeated after 429, 5xx or a broken connection.</summary>
    public int Retries { get; init; } = 5;
}
