namespace RealCluster.Support;

/// <summary>scenarios-faults.json on a cluster that other tests use as well.</summary>
internal static class ShippedRows
{
    /// <summary>
    /// What a Kubernetes 1.20 without a network plugin cannot carry: the first six need ephemeral containers, the last a network that
    /// enforces policies.
    /// </summary>
    public static IReadOnlyList<string> NotCarried { get; } =
        ["latency", "loss", "bandwidth", "reset", "black_hole", "dns_failure", "partition"];

    /// <summary>The file's text; the operator stands in the test's own namespace, not in the platform's.</summary>
    /// <param name="space">The namespace.</param>
    public static string Text(string space) => File.ReadAllText(ShippedFaults.File)
        .Replace("\"dynamo-system\"", $"\"{space}\"", StringComparison.Ordinal)
        .Replace("\"deployments/", $"\"{Repository.Root}/deployments/", StringComparison.Ordinal);
}
