namespace FaultTolerance.Graphs.Processes;

/// <summary>Tells the processes of a container apart: those that are meant, its own, and those of our own search.</summary>
internal static class ProcessMatch
{
    /// <summary>
    /// Living processes whose own command line holds the pattern. Left out: the search itself and what wraps it, and a shell or init that
    /// only wraps another match (<c>sh -c python3 -m dynamo.frontend</c>, <c>tini -- python3 -m dynamo.frontend</c>, with Python as its
    /// child).
    /// </summary>
    /// <param name="processes">All processes of the container.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="joined">Whether command lines come without blanks between arguments; the pattern's own are then left out too.</param>
    public static IReadOnlyList<ContainerProcess> Find(IReadOnlyList<ContainerProcess> processes, string pattern, bool joined)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var sought = joined ? pattern.Replace(" ", "", StringComparison.Ordinal) : pattern;
        var matches = Others(processes).Where(p => !p.IsZombie && p.CommandLine.Contains(sought, StringComparison.Ordinal)).ToArray();
        var parents = matches.Select(m => m.Parent).ToHashSet();
        return [.. matches.Where(m => !(m.IsWrapper && parents.Contains(m.Pid)))];
    }

    /// <summary>The container's own processes: without the search and what it starts.</summary>
    public static IEnumerable<ContainerProcess> Others(IReadOnlyList<ContainerProcess> processes)
    {
        ArgumentNullException.ThrowIfNull(processes);
        var search = processes.Where(IsSearch).Select(p => p.Pid).ToHashSet();
        return processes.Where(p => !search.Contains(p.Pid) && !search.Contains(p.Parent));
    }

    /// <summary>
    /// Whether the container sees the processes of its node too (<c>hostPID</c>, or a cluster without PID namespaces): what started the
    /// search is outside of a container's own PID namespace, and no parent of it can be seen there. What an earlier fault left at work in
    /// the container (a guard, a loop, an old search) has lost its parent and hangs on the container's PID 1: it tells nothing.
    /// </summary>
    /// <param name="processes">All processes that the container sees.</param>
    public static bool SeesItsNode(IReadOnlyList<ContainerProcess> processes)
    {
        ArgumentNullException.ThrowIfNull(processes);
        var search = processes.Where(IsSearch).ToArray();
        var inside = Array.Exists(search, p => p.Parent == 0);
        return Array.Exists(search, p =>
            p.Parent != 0 && !(inside && (p.Parent == 1 || IsWork(p))) && Array.TrueForAll(search, other => other.Pid != p.Parent));
    }

    private static bool IsWork(ContainerProcess process) =>
        process.CommandLine.Contains(ProcessScript.WorkPrefix, StringComparison.Ordinal);

    private static bool IsSearch(ContainerProcess process) => process.CommandLine.Contains(ProcessScript.Marker, StringComparison.Ordinal);
}
