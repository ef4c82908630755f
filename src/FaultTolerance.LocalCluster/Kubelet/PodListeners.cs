using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>
/// Says whose socket answers at a pod's address. Pods share this machine's network: a server that listens on all addresses
/// answers at every pod's, and its answer says nothing about the pod that was asked.
/// </summary>
internal sealed class PodListeners
{
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<int, (string Ip, string Pod, string? Namespace)> _containers = new();
    private readonly ConcurrentDictionary<long, Holder> _holders = new();

    /// <summary>Notes a container that runs.</summary>
    /// <param name="hostPid">Its PID 1, as the machine sees it.</param>
    /// <param name="ip">Its pod's address.</param>
    /// <param name="pod">Its pod, <c>namespace/name</c>.</param>
    /// <param name="namespaced">It has a PID namespace of its own.</param>
    public void Add(int hostPid, string ip, string pod, bool namespaced) =>
        _containers[hostPid] = (ip, pod, namespaced ? PidNamespace(hostPid) : null);

    /// <summary>Forgets a container that ended.</summary>
    public void Remove(int hostPid) => _containers.TryRemove(hostPid, out _);

    /// <summary>Why what answers at the address is not the pod's own; null when it is, or when nobody listens.</summary>
    /// <param name="ip">The pod's address.</param>
    /// <param name="port">The port.</param>
    public string? Foreign(string ip, int port)
    {
        // A socket bound to the pod's own address was bound by who knew that address.
        foreach (var listener in ListenerTable.Answering(IPAddress.Parse(ip), port).Where(listener => listener.IsWildcard))
        {
            var holder = HolderOf(listener.Inode);
            if (holder.Ip != ip)
            {
                return $"{ip}:{port} is answered by {holder.Name}, which listens on all addresses, and not by this pod: pods share this "
                    + "machine's network, so a server must bind its pod's own address "
                    + "(an environment variable from the field status.podIP)";
            }
        }

        return null;
    }

    private Holder HolderOf(long inode)
    {
        if (_holders.TryGetValue(inode, out var known))
        {
            return known;
        }

        if (Find(inode) is not { } found)
        {
            return new("", "another process of this machine");
        }

        // Numbers of closed sockets do not come again soon; they are only not to pile up.
        if (_holders.Count >= MostKept)
        {
            _holders.Clear();
        }

        return _holders[inode] = found;
    }

    private Holder? Find(long inode)
    {
        var wanted = string.Create(CultureInfo.InvariantCulture, $"socket:[{inode}]");
        Holder? found = null;
        foreach (var pid in ProcessSignals.All())
        {
            if (!Holds(pid, wanted))
            {
                continue;
            }

            if (ContainerOf(pid) is { } container)
            {
                return new(container.Ip, $"pod {container.Pod}");
            }

            found ??= new("", string.Create(CultureInfo.InvariantCulture, $"process {pid} of this machine"));
        }

        return found;
    }

    private (string Ip, string Pod)? ContainerOf(int pid)
    {
        var space = PidNamespace(pid);
        foreach (var (_, container) in _containers)
        {
            if (container.Namespace is not null && container.Namespace == space)
            {
                return (container.Ip, container.Pod);
            }
        }

        // Without namespaces of their own, and for namespaces within them: who descends from a container is its.
        for (int? one = pid, steps = 0; one is { } current and > 1 && steps < 100; one = ProcessSignals.ParentAndSession(current)?.Parent,
            steps++)
        {
            if (_containers.TryGetValue(current, out var container)
                || (ProcessSignals.ParentAndSession(current) is { } ids && _containers.TryGetValue(ids.Session, out container)
                    && container.Namespace is null))
            {
                return (container.Ip, container.Pod);
            }
        }

        return null;
    }

    private static bool Holds(int pid, string socket)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd"))
                .Any(file => LinkOf(file) == socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // ended while we looked, or another user's: not a pod's either way
        }
    }

    private static string? PidNamespace(int pid) => LinkOf(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/pid"));

    private static string? LinkOf(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Holder(string Ip, string Name);
}
