using System.Globalization;
using System.Runtime.InteropServices;
using FaultMatrix.Shared;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>Signals to processes by their id on the host.</summary>
internal static class ProcessSignals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends a signal; a process that is no longer there is not an error.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Send(int pid, int signal)
    {
        const int NoSuchProcess = 3;
        if (kill(pid, signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoSuchProcess)
        {
            throw new IOException($"FT3020: signal {signal} to process {pid} was refused (errno {error})");
        }
    }

    /// <summary>The process, all that descend from it and all of its session, as /proc shows them now.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var pid in All())
        {
            if (pid != root && ParentAndSession(pid) is { } ids)
            {
                var parent = ids.Session == root ? root : ids.Parent;
                (children.TryGetValue(parent, out var list) ? list : children[parent] = []).Add(pid);
            }
        }

        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children.GetValueOrDefault(tree[i], []));
        }

        return tree;
    }

    /// <summary>Every process that /proc shows now.</summary>
    public static IEnumerable<int> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                yield return pid;
            }
        }
    }

    /// <summary>A process's parent and session; null when it has ended.</summary>
    public static (int Parent, int Session)? ParentAndSession(int pid) =>
        ProcessStat.Read(pid) is { } stat ? (stat.Parent, stat.Session) : null;

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int sig);
}
