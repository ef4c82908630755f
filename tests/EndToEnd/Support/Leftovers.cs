namespace EndToEnd;

/// <summary>What a command may have left behind in the checkout.</summary>
internal static class Leftovers
{
    private static string Temp => Path.Combine(Repository.Root, ".nuke", "temp");

    /// <summary>No folder, log or kubeconfig of the local cluster that the process with this id started for itself.</summary>
    public static void NoneOf(int frontId) => Assert.Empty(Entries($"local-{frontId}*"));

    /// <summary>No folder, log, kubeconfig or record of a cluster that ClusterUp started under this name.</summary>
    public static void NoneOfCluster(string name) => Assert.Empty(Entries($"cluster-{name}*"));

    /// <summary>The folder of the local cluster that the process with this id started for itself.</summary>
    public static string FolderOf(int frontId) => Path.Combine(Temp, $"local-{frontId}");

    private static IEnumerable<string> Entries(string pattern) =>
        Directory.Exists(Temp) ? Directory.EnumerateFileSystemEntries(Temp, pattern) : [];
}
