using FaultTolerance.Runs;

namespace FaultTolerance.Reports;

/// <summary>Writes a report's file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes it. FT0712 where that is not possible; then nothing is left behind.</summary>
    public static void Write(string path, Action<Stream> content)
    {
        try
        {
            FaultMatrix.Shared.AtomicFile.Write(path, content, ResultAccess.FileMode(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException("FT0712", $"cannot write '{Path.GetFileName(path)}': {error.Message}", error) { File = path };
        }
    }

    /// <summary>The same with text.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
