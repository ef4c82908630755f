using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Hosting;

/// <summary>The worker processes of the engine, as Linux tells of them.</summary>
internal static class WorkerProcesses
{
    /// <summary>The ids of those that this process has started and that have not ended; none where the system is not Linux.</summary>
    public static IReadOnlyList<int> Living() => !OperatingSystem.IsLinux() ? [] :
        [.. All().Where(pid => ProcessStat.Read(pid) is { HasEnded: false } stat && stat.Parent == Environment.ProcessId)];

    /// <summary>The ids of all that there are, whoever started them.</summary>
    public static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(
            Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && IsWorker(pid));

    /// <summary>Ends one at once, and removes its socket.</summary>
    /// <param name="pid">Its id.</param>
    public static void End(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended meanwhile.
        }

        RemoveSocket(pid);
    }

    /// <summary>Removes the socket that a worker that has ended was spoken to by: it lies in /tmp whatever TMPDIR says.</summary>
    /// <param name="pid">Its id.</param>
    public static void RemoveSocket(int pid)
    {
        try
        {
            File.Delete(string.Create(CultureInfo.InvariantCulture, $"/tmp/MSBuild{pid}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process of that number, of another user, by now.
        }
    }

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
