using System.Globalization;

namespace FaultMatrix.Build.Model;

/// <summary>What no code foresees, as one line for the user (FT0999) and a file with the trace for whoever mends it.</summary>
/// <param name="folder">Where the file is written; the machine's folder for temporary files where this one cannot be.</param>
/// <param name="time">For the file's name.</param>
internal sealed class Unforeseen(string folder, TimeProvider time)
{
    private int _count;

    /// <summary>An exception that nobody was to see.</summary>
    public FrontError Of(Exception exception) => Of($"{exception.GetType().Name}: {exception.Message}", exception.ToString());

    /// <summary>The message of a task that failed with a trace, or any message that holds one.</summary>
    /// <param name="message">As the engine gave it: words, then the exception, then its trace.</param>
    public FrontError OfMessage(string message)
    {
        var lines = message.ReplaceLineEndings("\n").Split('\n').TakeWhile(l => !IsTrace(l)).Where(l => l.Trim().Length > 0);
        return Of(string.Join(' ', lines.Select(l => l.Trim())), message);
    }

    /// <summary>Whether a message holds a stack trace.</summary>
    public static bool HasTrace(string message) => message.Contains("\n   at ", StringComparison.Ordinal);

    private static bool IsTrace(string line) => line.StartsWith("   at ", StringComparison.Ordinal);

    private FrontError Of(string what, string trace)
    {
        var place = Write(folder, trace) ?? Write(Path.GetTempPath(), trace);
        return new FrontError("FT0999", $"This was not foreseen, please report it: {ForeignText.Line(what).TrimEnd('.')}. "
            + (place is null ? "The trace could not be written anywhere." : $"The trace is in {place}."));
    }

    private string? Write(string where, string trace)
    {
        try
        {
            Directory.CreateDirectory(where);
            var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            var file = Path.Combine(where, $"unforeseen.{stamp}.{Environment.ProcessId}.{Interlocked.Increment(ref _count)}.txt");
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var writer = new StreamWriter(new FileStream(file, options));
            writer.WriteLine(trace);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
