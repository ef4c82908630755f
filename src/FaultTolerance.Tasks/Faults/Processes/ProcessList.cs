using FaultTolerance.Cluster.Channels;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.Processes;

/// <summary>
/// The processes of a container, through exec and the container's own shell, or where it has none through that of an ephemeral container.
/// </summary>
/// <param name="Shell">The container whose shell answered; what is sent goes through it too.</param>
/// <param name="All">Every process that it sees.</param>
/// <param name="Joined">Whether command lines come without blanks between arguments.</param>
internal sealed record ProcessList(string Shell, IReadOnlyList<ContainerProcess> All, bool Joined)
{
    private const int LongestList = 20;

    /// <summary>Lists them.</summary>
    /// <exception cref="FaultMatrixException">FT0608, FT0609: they cannot be listed. FT0613: they are not the container's own.</exception>
    public static async Task<ProcessList> ReadAsync(FaultContext context, PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        var (result, list) = await AskAsync(context, target, target.Container, cancellation);
        if (list.All.Count == 0 && HasNoShell(result))
        {
            var shell = await EphemeralShell.OpenAsync(context, target, cancellation);
            (result, list) = await AskAsync(context, target, shell, cancellation);
        }

        if (list.All.Count == 0)
        {
            throw new FaultMatrixException("FT0609", $"the processes of pod '{target.Name}' cannot be listed: {Said(result)}");
        }

        return !ProcessMatch.SeesItsNode(list.All) ? list : throw new FaultMatrixException(
            "FT0613",
            $"pod '{target.Name}' sees the processes of its node (hostPID, or a local cluster on a machine that gives no PID namespaces): "
            + "a kill by name could hit those of others; use pod deletion");
    }

    /// <summary>Those that a pattern means; at least one.</summary>
    /// <exception cref="FaultMatrixException">FT0604: none, with those that are there.</exception>
    public IReadOnlyList<ContainerProcess> Find(PodTarget target, string pattern)
    {
        ArgumentNullException.ThrowIfNull(target);
        var found = ProcessMatch.Find(All, pattern, Joined);
        var running = ProcessMatch.Others(All).Where(p => !p.IsZombie).Take(LongestList);
        return found.Count > 0 ? found : throw new FaultMatrixException(
            "FT0604",
            $"no process of pod '{target.Name}' (container '{target.Container}') has '{pattern}' in its command line; it runs: "
            + string.Join(" | ", running.Select(p => $"{p.Pid} {p.CommandLine}")));
    }

    private static async Task<(ExecResult Result, ProcessList List)> AskAsync(
        FaultContext context, PodTarget target, string shell, CancellationToken cancellation)
    {
        var command = ProcessScript.ListCommand;
        var result = await context.Session.Exec.RunAsync(target.Name, shell, command, context.Options.ExecTimeout, cancellation);
        var lines = result.Output.Split('\n');
        ContainerProcess[] all = [.. lines.Select(ContainerProcess.Parse).OfType<ContainerProcess>()];
        return (result, new ProcessList(shell, all, lines.Contains("T", StringComparer.Ordinal)));
    }

    private static bool HasNoShell(ExecResult result)
    {
        var said = Said(result);
        return result.ExitCode is 126 or 127
            || said.Contains("no such file", StringComparison.OrdinalIgnoreCase)
            || said.Contains("not found", StringComparison.OrdinalIgnoreCase);
    }

    private static string Said(ExecResult result) => $"{result.Failure} {result.Errors}".Trim();
}
