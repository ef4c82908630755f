namespace FaultMatrix.Build.Commands.Cluster;

/// <summary>The cluster that a command works on.</summary>
/// <param name="Kubeconfig">Its kubeconfig; null where the domain is to use the address inside a cluster.</param>
/// <param name="Why">One line: which cluster, and why this one.</param>
/// <param name="IsLocal">A local cluster, whose default namespace is ours.</param>
/// <param name="Temporary">The cluster's process, if it is to end with the command.</param>
/// <param name="Lasting">The cluster that ClusterUp started, if it is that one.</param>
internal sealed record ClusterUse(
    string? Kubeconfig, string Why, bool IsLocal, LocalClusterProcess? Temporary = null, ClusterRecord? Lasting = null) : IAsyncDisposable
{
    /// <summary>The namespace on a local cluster when none is named.</summary>
    public const string DefaultNamespace = "fault-matrix";

    /// <summary>Waits until a local cluster has ended by itself, and tells how; a cluster of somebody else's never does.</summary>
    public async Task<string> LostAsync(CancellationToken cancellationToken)
    {
        if (Temporary is not null)
        {
            return await Temporary.EndedAsync(cancellationToken);
        }

        await (Lasting?.EndedAsync(cancellationToken) ?? Task.Delay(Timeout.Infinite, cancellationToken));
        return $"process {Lasting!.Pid} is gone";
    }

    /// <summary>Sets the properties that lead the domain to this cluster.</summary>
    public void Apply(Dictionary<string, IReadOnlyList<string>> properties)
    {
        properties["Kubeconfig"] = [Kubeconfig ?? ""];
        if (IsLocal && properties["Namespace"] is [""])
        {
            properties["Namespace"] = [DefaultNamespace];
        }
    }

    /// <summary>What to do when the process leaves before it has cleaned up.</summary>
    public string CleanupHint(IReadOnlyDictionary<string, IReadOnlyList<string>> properties)
    {
        if (Temporary is not null)
        {
            return "Leaving now. The local cluster ends with this process, and all its pods with it.";
        }

        var words = new List<string> { "./build.sh Teardown" };
        foreach (var (name, option) in new[] { ("Namespace", "--namespace"), ("Run", "--run"), ("Kubeconfig", "--kubeconfig"),
            ("Context", "--context") })
        {
            if (properties.GetValueOrDefault(name) is [{ Length: > 0 } value])
            {
                words.Add($"{option} {Quote(value)}");
            }
        }

        return $"Leaving now. Deployments may remain; this removes them:\n  {string.Join(' ', words)}";
    }

    public async ValueTask DisposeAsync()
    {
        if (Temporary is not null)
        {
            await Temporary.DisposeAsync();
        }
    }

    private static string Quote(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':') ? value : $"'{value.Replace("'", "'\\''")}'";
}
