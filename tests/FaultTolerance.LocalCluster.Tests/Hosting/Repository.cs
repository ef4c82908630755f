namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>Where the repository is, and what lies beside it.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    /// <summary>The folder whose <c>setup DIR</c> makes a Python environment with a real Dynamo; null where there is none.</summary>
    public static string? Dynamo
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("FAULTMATRIX_DYNAMO") is { Length: > 0 } named ? named
                : Path.Combine(Root, "..", "shared", "dynamo");
            return File.Exists(Path.Combine(folder, "setup")) ? Path.GetFullPath(folder) : null;
        }
    }

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FaultMatrix.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not in the repository");
        }

        return folder;
    }
}
