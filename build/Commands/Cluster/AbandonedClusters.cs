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
        if (!Directory.Exists(temp))
        {
            return;
        }

        foreach (var entry in new DirectoryInfo(temp).EnumerateFileSystemInfos(LocalClusterOptions.TemporaryPrefix + "*"))
        {
            var name = Path.GetFileNameWithoutExtension(entry.Name)[LocalClusterOptions.TemporaryPrefix.Length..];
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var owner)
                || ClusterRecord.StartOf(owner) is not null)
            {
                continue;
            }

            try
            {
                (entry as DirectoryInfo)?.Delete(recursive: true);
                (entry as FileInfo)?.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its cluster is at it this moment, or it is somebody else's.
            }
        }
    }
}
