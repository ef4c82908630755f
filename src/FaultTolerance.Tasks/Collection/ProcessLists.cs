using FaultTolerance.Artefacts.Processes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Collection;

/// <summary>Saves what runs in the main container of pods, <c>{Service}/{pod}.processes.jsonl</c>, by a shell there.</summary>
/// <param name="session">The cluster.</param>
/// <param name="collector">Writes into the row's folder, and tells what could not be saved.</param>
internal sealed class ProcessLists(ClusterSession session, ArtifactCollector collector)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Saves those of the running pods of some services.</summary>
    /// <param name="watch">The graph's pods.</param>
    /// <param name="wanted">Tells by a service's name.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlyList<CollectionProblem>> CollectAsync(
        GraphWatch watch, Func<string, bool> wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watch);
        var pods = watch.Pods.Where(pod => wanted(pod.Service.Name) && pod is { IsTerminating: false, MainStatus.State.Running: not null });
        var problems = await Task.WhenAll(
            pods.Select(pod => collector.GuardAsync(pod, "processes", () => SaveAsync(pod, cancellation))));
        return [.. problems.OfType<CollectionProblem>()];
    }

    private async Task SaveAsync(GraphPod pod, CancellationToken cancellation)
    {
        var result = await session.Exec.RunAsync(pod.Name, pod.MainContainer.Name, ProcessScript.ListCommand, Limit, cancellation);
        ContainerProcess[] all = [.. result.Output.Split('\n').Select(ContainerProcess.Parse).OfType<ContainerProcess>()];
        if (all.Length == 0)
        {
            var said = ForeignText.Line($"{result.Failure} {result.Errors}".Trim());
            throw new FaultMatrixException("FT0706", $"they cannot be listed: {said}");
        }

        // Everybody's are none of our business, and are not written.
        var shared = ProcessMatch.SeesItsNode(all);
        await collector.WriteLinesAsync(
            pod,
            $"{pod.Name}{PodProcesses.Ending}",
            PodProcesses.Lines(shared, shared ? [] : ProcessMatch.Others(all).Select(Said)),
            cancellation);
    }

    // A zombie, and what the kernel runs itself, has no command line.
    private static PodProcess Said(ContainerProcess process) =>
        new(process.Pid, $"{process.State}", process.CommandLine.Length > 0 ? process.CommandLine : process.Name);
}
