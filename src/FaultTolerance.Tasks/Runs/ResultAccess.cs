namespace FaultTolerance.Runs;

/// <summary>
/// Who may read a run: its owner alone, or others of the machine as well. The mode of the run's folder says it, and all that is made in the
/// folder takes it from there; so every process of the run and every later command decides alike. On Windows the system's own rules hold.
/// </summary>
internal static class ResultAccess
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersFolder =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersFile = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes a run's folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="shared">Whether others may read it, as far as the umask lets them; else only its owner.</param>
    public static void CreateRun(string path, bool shared)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } results)
        {
            Directory.CreateDirectory(results);
        }

        Create(path, shared ? OwnerFolder | OthersFolder : OwnerFolder);
    }

    /// <summary>Makes a folder inside a run's, with those above it that are missing.</summary>
    public static void CreateFolder(string path) => Create(path, OwnerFolder | (Above(path) & OthersFolder));

    /// <summary>The mode of a file that is about to be made; null for the system's own.</summary>
    public static UnixFileMode? FileMode(string path) =>
        OperatingSystem.IsWindows() ? null : OwnerFile | (Above(path) & OthersFile);

    /// <summary>Options that make a file, or empty it.</summary>
    public static FileStreamOptions NewFile(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = System.IO.FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous,
            BufferSize = 64 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode(path);
        }

        return options;
    }

    private static void Create(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            // One by one: the mode given here is that of the last folder only.
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } above)
            {
                Create(above, mode);
            }

            Directory.CreateDirectory(path, mode);
        }
    }

    // The nearest folder above that is there. A file in no folder gets nothing from it.
    private static UnixFileMode Above(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        while (folder is not null && !Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder is null || OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(folder);
    }
}
