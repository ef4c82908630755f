using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results;

/// <summary>
/// What somebody else did to the graph while it was measured: a row in which pods, or the graph, were taken away by others measured that.
/// </summary>
internal static class Interference
{
    /// <summary>The code under which a watch records that the graph itself was deleted.</summary>
    private const string GraphDeleted = "FT0412";

    /// <summary>The code under which a phase records that the run lost its namespace.</summary>
    private const string NamespaceLost = "FT0321";

    /// <summary>Each pod that was deleted during the load and not by this run, and the graph's own end (FT0830);
    /// and that the run lost its namespace (FT0833).</summary>
    /// <param name="folder">The scenario's folder, for messages.</param>
    /// <param name="timeline">The timeline.</param>
    public static IEnumerable<Diagnostic> Check(string folder, Timeline timeline)
    {
        if (timeline.Of<LoadStarted>().LastOrDefault() is not { } started)
        {
            yield break;
        }

        var end = timeline.Of<LoadEnded>().LastOrDefault()?.At
            ?? timeline
                .Of<PhaseChanged>()
                .FirstOrDefault(p => p.At >= started.At && p is { Phase: "Collect" or "Teardown", State: PhaseState.Started })
                ?.At
            ?? long.MaxValue;
        var ready = timeline.Of<DeploymentReady>().LastOrDefault(r => r.At <= started.At)?.At ?? started.At;
        foreach (var gone in timeline.Of<ErrorNoted>().Where(e => e.Code == GraphDeleted && e.At >= ready && e.At <= end))
        {
            yield return Error(folder, gone.Message ?? "the graph was deleted by somebody else");
        }

        foreach (var lost in timeline.Of<ErrorNoted>().Where(e => e.Code == NamespaceLost && e.At <= end))
        {
            yield return new Diagnostic(ParseCodes.NamespaceLost, Severity.Error, lost.Message ?? "the run lost its namespace") { File = folder };
        }

        var issued = timeline.Of<FaultIssued>().ToArray();
        var hit = timeline.Of<FaultHit>().Select(f => f.Uid).ToHashSet(StringComparer.Ordinal);
        var replaced = new ReplacedPods(timeline);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            var pod in timeline
                .Of<PodChanged>()
                .Where(p => p.Change is PodChange.Terminating or PodChange.Deleted && p.At >= started.At && p.At <= end)
        )
        {
            // After a fault the graph's own operator may take away what is left of the service that was hit.
            var ours = hit.Contains(pod.Uid) || replaced.Has(pod)
                || issued.Any(f => f.Uid == pod.Uid || (f.Service == pod.Service && f.At <= pod.At))
                || timeline.Of<ReplicasChanged>().Any(r => r.Service == pod.Service && r.Wanted < r.Before && r.At <= pod.At);
            if (!ours && told.Add(pod.Uid ?? ""))
            {
                yield return Error(
                    folder,
                    $"pod {pod.Pod} of {pod.Service} was deleted by somebody else during the load ({Seen(pod)})"
                );
            }
        }
    }

    // What the watch saw of it, and who did it where the cluster says that.
    private static string Seen(PodChanged pod) =>
        $"{pod.ChangeText} at {new DateTime(pod.At, DateTimeKind.Utc).ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}{(pod.Reason is { Length: > 0 } who ? $", {who}" : "")}";

    private static Diagnostic Error(string folder, string message) =>
        new(ParseCodes.Interference, Severity.Error, message) { File = folder };
}
