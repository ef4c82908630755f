namespace FaultTolerance.Reports;

/// <summary>Writes a file so that a reader sees the old one or the whole new one, and a failure leaves nothing behind.</summary>
internal static class AtomicFile
{
    public static void Write(string path, Action<Stream> content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                content(stream);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException("FT0712", $"cannot write '{Path.GetFileName(path)}': {error.Message}", error) { File = path };
        }
        finally
        {
            Discard(temporary);
        }
    }

    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    // After the move there is nothing left to delete; where the folder itself is gone or closed there is nothing to be done either.
    private static void Discard(string temporary)
    {
        if (File.Exists(temporary))
        {
            File.Delete(temporary);
        }
    }
}
