using System.Runtime.Versioning;

namespace FaultTolerance.LocalClusters;

/// <summary>
/// The folder of a local cluster of this process: its owner's alone, held by one process at a time, and gone with the cluster. What a
/// process left that was killed goes when the next one takes the folder.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalClusterFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _path;
    private readonly FileStream _held;

    private LocalClusterFolder(string path, FileStream held) => (_path, _held) = (path, held);

    /// <summary>Makes it, or takes what is there.</summary>
    /// <exception cref="FaultMatrixException">FT0303: it cannot be written to, or another process holds it.</exception>
    public static LocalClusterFolder Take(string path)
    {
        try
        {
            Directory.CreateDirectory(path, Owner);
            return new(path, new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException(
                "FT0303", $"the local cluster's folder '{path}' cannot be used, or another build's cluster is in it: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.Delete(_path, recursive: true);
        _held.Dispose();
    }
}
