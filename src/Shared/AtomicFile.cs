using System.Text;

namespace FaultMatrix.Shared;

/// <summary>Writes a file so that a reader sees the old one or the whole new one, and a failure leaves nothing behind.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the target, then moves. Errors of the file system come out as they are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Writes it.</param>
    /// <param name="mode">Who may read it, from its first byte on; the system's default where there is none, and on Windows.</param>
    public static void Write(string path, Action<Stream> content, UnixFileMode? mode = null)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = 1 << 16,
            };
            if (mode is { } given && !OperatingSystem.IsWindows())
            {
                // What a run that was ended left behind would keep a mode of its own.
                File.Delete(temporary);
                options.UnixCreateMode = given;
            }

            using (var stream = new FileStream(temporary, options))
            {
                content(stream);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>The same with text, as UTF-8 without a mark.</summary>
    public static void WriteText(string path, string text, UnixFileMode? mode = null) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), mode);

    // After the move there is nothing left to delete; where the folder itself is gone or closed there is nothing to be done either.
    private static void Discard(string temporary)
    {
        if (File.Exists(temporary))
        {
            File.Delete(temporary);
        }
    }
}
