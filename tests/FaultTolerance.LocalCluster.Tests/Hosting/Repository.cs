namespace FaultTolerance.LocalCluster.Tests.Hosting;

/// <summary>Where the repository is.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

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
