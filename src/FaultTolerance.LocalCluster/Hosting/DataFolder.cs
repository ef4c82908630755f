namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>The cluster's folder: made for the owner alone, and gone with the cluster unless it held something before.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly bool _ours;

    private DataFolder(string path, bool ours) => (Path, _ours) = (path, ours);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes it, or takes what is there. FT3003 when it cannot be written to.</summary>
    public static DataFolder Open(string path)
    {
        try
        {
            var ours = !Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any();
            Directory.CreateDirectory(path, Owner);
            if (ours)
            {
                File.SetUnixFileMode(path, Owner);
            }

            return new(path, ours);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError("FT3003", $"the folder {path} cannot be used: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ours && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
