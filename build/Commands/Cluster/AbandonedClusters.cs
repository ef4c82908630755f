using System.Globalization;

namespace FaultMatrix.Build.Commands.Cluster;

/// <summary>
/// What runs that were killed have left of their local clusters: no process, since the cluster ends with its owner, but files of it.
/// </summary>
internal static class AbandonedClusters
{
    /// <summary>Removes the files of local clusters whose run is no more.</summary>
    /// <param name="temp">The folder for files that may go at any time.</param>
    public static void RemoveFiles(string temp)
    {
        foreach (var entry in Directory.CreateDirectory(temp).EnumerateFileSystemInfos(LocalClusterOptions.TemporaryPrefix + "*"))
        {
            var name = Path.GetFileNameWithoutExtension(entry.Name)[LocalClusterOptions.TemporaryPrefix.Length..];
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var owner) || ClusterRecord.StartOf(owner) is not null)
            {
                continue;
            }

            try
            {
                (entry as DirectoryInfo)?.Delete(recursive: true);
                (entry as FileInfo)?.Delete();
            }
            catch (IOException)
            {
                // Its cluster is at it this moment.
            }
        }
    }
}
