using System.Globalization;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Hosting;

/// <summary>
/// What worker processes of the engine leave when they are killed: the sockets that they were spoken to by, which lie in /tmp whatever
/// TMPDIR says. Only those of workers that this process started are removed.
/// </summary>
internal sealed class WorkerFiles
{
    private readonly Lock gate = new();
    private readonly HashSet<int> nodes = [];
    private readonly HashSet<int> workers = [];

    /// <summary>Takes note of a node of the engine, the first time that it is heard of: then its process is there.</summary>
    /// <param name="node">Its number; 1 is this process.</param>
    public void Seen(int node)
    {
        lock (gate)
        {
            if (node > 1 && OperatingSystem.IsLinux() && nodes.Add(node))
            {
                workers.UnionWith(Children());
            }
        }
    }

    /// <summary>Removes what workers that have ended have left.</summary>
    public void Remove()
    {
        lock (gate)
        {
            foreach (var worker in workers.Where(pid => ProcessStat.Read(pid) is null or { HasEnded: true }))
            {
                try
                {
                    File.Delete(string.Create(CultureInfo.InvariantCulture, $"/tmp/MSBuild{worker}"));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Another process of that number, of another user, by now.
                }
            }
        }
    }

    private static IEnumerable<int> Children() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && ProcessStat.Read(pid)?.Parent == Environment.ProcessId && IsWorker(pid));

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
