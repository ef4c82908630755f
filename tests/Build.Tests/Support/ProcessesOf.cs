namespace FaultMatrix.Build.Tests.Support;

/// <summary>The processes of this machine that run a program of a folder, or were given one as an argument.</summary>
internal static class ProcessesOf
{
    /// <summary>Each as its number and command line.</summary>
    /// <param name="folder">The folder; its links resolved.</param>
    public static IReadOnlyList<string> Folder(string folder) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), out _))
            .Select(process => (Process: process, Words: CommandLine(process)))
            .Where(one => one.Words.Contains(folder + "/", StringComparison.Ordinal)
                || Program(one.Process).StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(one => $"{Path.GetFileName(one.Process)} {one.Words}"),
    ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ').Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is not ours.
            return "";
        }
    }

    private static string Program(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "exe")).LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
