using System.Globalization;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>
/// Kills a container whose processes hold more memory than its limit, as the kernel does with all of a container's processes. There is no
/// cgroup: they are looked at ten times a second, so a container may hold more for that long.
/// </summary>
/// <param name="process">The container.</param>
/// <param name="limit">Bytes.</param>
/// <param name="namespaced">Whether the container has a PID namespace of its own.</param>
/// <param name="time">The clock of the looks.</param>
internal sealed class MemoryLimit(ContainerProcess process, long limit, bool namespaced, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.1);
    private static readonly string[] Counted = ["RssAnon:", "RssShmem:"];
    private Dictionary<int, bool> _isOwn = [];
    private volatile bool _killed;

    /// <summary>Whether it was over its limit, and killed.</summary>
    public bool Killed => _killed;

    /// <summary>Looks until the container has ended.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation) && !process.Exit.IsCompleted)
            {
                if (Held() > limit)
                {
                    _killed = true;
                    process.Signal(ProcessSignals.Kill);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The container has ended.
        }
    }

    private long Held()
    {
        if (!namespaced)
        {
            return ProcessSignals.Tree(process.HostPid).Sum(Bytes);
        }

        // What was run in it by exec descends from nothing of its own.
        if (Namespace(process.HostPid) is not { } own)
        {
            return 0;
        }

        // A process stays in its namespace, so each is asked once.
        _isOwn = ProcessSignals.All().ToDictionary(
            pid => pid, pid => _isOwn.TryGetValue(pid, out var known) ? known : Namespace(pid) == own);
        return _isOwn.Where(pair => pair.Value).Sum(pair => Bytes(pair.Key));
    }

    private static string? Namespace(int pid)
    {
        try
        {
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/pid")).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Of a process that ended meanwhile nothing: that is what it holds.
    private static long Bytes(int pid)
    {
        try
        {
            return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"))
                .Where(line => Array.Exists(Counted, name => line.StartsWith(name, StringComparison.Ordinal)))
                .Sum(line => long.Parse(line.Split(':')[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture)) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
