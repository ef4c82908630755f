using System.Globalization;
using FaultTolerance.Artefacts.Processes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Collection;

/// <summary>Saves what runs in the main container of pods, <c>{Service}/{pod}.processes.jsonl</c>, by a shell there.</summary>
/// <param name="session">The cluster.</param>
/// <param name="collector">Writes into the row's folder, and tells what could not be saved.</param>
internal sealed class ProcessLists(ClusterSession session, ArtifactCollector collector)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // $PPID is 0 where what started the shell is outside of the container's PID namespace; elsewhere they are everybody's, and none of our
    // business. The shell itself and its children are left out.
    private const string Script = """
        echo "parent $PPID"
        [ "$PPID" = 0 ] || exit 0
        for d in /proc/[0-9]*; do
          s=; n=; p=; c=
          { while read -r k v; do
              case $k in State:) s=${v%% *};; PPid:) p=$v;; Name:) n=$v;; esac
            done; } 2>/dev/null <"$d/status" || continue
          [ "${d##*/}" != $$ ] && [ "$p" != $$ ] || continue
          if command -v tr >/dev/null 2>&1; then
            c=$(tr '\000\n' '  ' 2>/dev/null <"$d/cmdline")
          else
            { while IFS= read -r l || [ -n "$l" ]; do c="$c$l "; done; } 2>/dev/null <"$d/cmdline"
          fi
          echo "P ${d##*/} ${s:-?} ${c:-$n}"
        done
        """;

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
        var result = await session.Exec.RunAsync(pod.Name, pod.MainContainer.Name, ["/bin/sh", "-c", Script], Limit, cancellation);
        var lines = result.Output.Split('\n');
        PodProcess[] all = [.. lines.Select(Parse).OfType<PodProcess>()];
        var parent = lines.FirstOrDefault(line => line.StartsWith("parent ", StringComparison.Ordinal))?.Trim();
        var shared = parent is not null and not "parent 0";
        if (parent is null || (all.Length == 0 && !shared))
        {
            var said = ForeignText.Line($"{result.Failure} {result.Errors}".Trim());
            throw new FaultMatrixException("FT0706", $"they cannot be listed: {said}");
        }

        await collector.WriteLinesAsync(
            pod, $"{pod.Name}{PodProcesses.Ending}", PodProcesses.Lines(shared, all), cancellation);
    }

    private static PodProcess? Parse(string line) =>
        line.Split(' ', 4) is ["P", var pid, var state, var command] && int.TryParse(pid, CultureInfo.InvariantCulture, out var number)
            ? new PodProcess(number, state, command.Trim()) : null;
}
