using System.Runtime.CompilerServices;

namespace RealCluster.Support;

/// <summary>A test against a real API server; skipped, with the way to run it, where none is named.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealClusterFactAttribute : FactAttribute
{
    /// <summary>Names the kubeconfig of a cluster that tests may make namespaces in.</summary>
    public const string Variable = "FAULTMATRIX_KUBECONFIG";

    public RealClusterFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line)
    {
        if (Kubeconfig is null)
        {
            Skip = $"needs a cluster: {Variable} names no kubeconfig; .ci/real-cluster starts one and runs these tests";
        }
    }

    /// <summary>The kubeconfig, or null.</summary>
    public static string? Kubeconfig =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? file : null;
}
