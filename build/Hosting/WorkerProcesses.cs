using System.Globalization;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Hosting;

/// <summary>The worker processes of the engine that this process has started, as Linux tells of them.</summary>
internal static class WorkerProcesses
{
    /// <summary>The ids of those that have not ended; none where the system is not Linux.</summary>
    public static IReadOnlyList<int> Living() => !OperatingSystem.IsLinux() ? [] :
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(
                Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && ProcessStat.Read(pid) is { HasEnded: false } stat
                && stat.Parent == Environment.ProcessId && IsWorker(pid)),
    ];

    private static bool IsWorker(int pid)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"))
                .Contains("/nodemode:", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
