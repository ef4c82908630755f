using System.Text;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>
/// The cluster's folder: made for the owner alone, held by one cluster at a time, and gone with the cluster; what was in it before
/// stays. What a cluster left that was killed goes when the next one takes the folder.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "cluster.lock";
    private const string Ours = "ours";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly string[] Entries = ["pods", "claims", "ca.crt", "cluster.log", LockName];

    private readonly FileStream _held;
    private readonly bool _ours;

    private DataFolder(string path, FileStream held, bool ours) => (Path, _held, _ours) = (path, held, ours);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes it, or takes what is there. FT3003 when it cannot be written to, or another cluster has it.</summary>
    public static DataFolder Open(string path)
    {
        try
        {
            var fresh = !Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any();
            Directory.CreateDirectory(path, Owner);
            var held = Hold(System.IO.Path.Combine(path, LockName));
            var ours = fresh || Read(held) == Ours;
            if (ours)
            {
                File.SetUnixFileMode(path, Owner);
            }

            Clear(path, ours, except: LockName);
            held.SetLength(0);
            held.Write(Encoding.ASCII.GetBytes(ours ? Ours : "shared"));
            held.Flush();
            return new(path, held, ours);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError("FT3003", $"the folder {path} cannot be used: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear(Path, _ours, except: null);
        if (_ours && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }

        _held.Dispose();
    }

    private static FileStream Hold(string file)
    {
        try
        {
            return new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new IOException("another local cluster holds it; end that one, or give another folder", e);
        }
    }

    private static string Read(FileStream held)
    {
        using var reader = new StreamReader(held, Encoding.ASCII, leaveOpen: true);
        var text = reader.ReadToEnd();
        held.Position = 0;
        return text;
    }

    private static void Clear(string path, bool ours, string? except)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        foreach (var entry in ours ? Directory.GetFileSystemEntries(path)
            : [.. Entries.Select(name => System.IO.Path.Combine(path, name))])
        {
            if (System.IO.Path.GetFileName(entry) == except)
            {
                continue;
            }

            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
    }
}
