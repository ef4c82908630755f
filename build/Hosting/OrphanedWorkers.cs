using System.Globalization;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Hosting;

/// <summary>
/// Worker processes of the engine whose front was killed. One that ran a task ends by itself; one whose front was killed while the two
/// agreed to speak has been seen to wait for ever. They are known by the folder for temporary files that their front gave them.
/// </summary>
internal static class OrphanedWorkers
{
    private const string Variable = "TMPDIR=";

    /// <summary>Ends those of fronts of this checkout, and removes the sockets that they were to be spoken to by.</summary>
    /// <param name="temp">The checkout's folder for files that may go at any time.</param>
    public static void End(string temp)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var worker in WorkerProcesses.All().Where(pid => IsOrphan(pid, temp)))
        {
            WorkerProcesses.End(worker);
        }
    }

    private static bool IsOrphan(int pid, string temp) =>
        FrontOf(pid, temp) is { } front && ProcessStat.Read(pid) is { HasEnded: false } stat && stat.Parent != front;

    // The process that started it; null where it was no front of this checkout, or another user's.
    private static int? FrontOf(int pid, string temp)
    {
        try
        {
            var start = $"{Variable}{Path.Combine(temp, EngineTemp.Prefix)}";
            var folder = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ")).Split('\0')
                .FirstOrDefault(v => v.StartsWith(start, StringComparison.Ordinal));
            return folder?.EndsWith(EngineTemp.Suffix, StringComparison.Ordinal) == true
                && int.TryParse(
                    folder[start.Length..^EngineTemp.Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var front)
                ? front : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
