using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Graphs.Processes;
using k8s.Models;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>
/// Finds the processes that a fault means: in the container that is meant, and where that has none and the failure names none, in the one
/// container of the pod that has some.
/// </summary>
/// <param name="context">The fault.</param>
/// <param name="container">The container that the failure names; null for none.</param>
/// <param name="names">Names of the process in order; none for the service's own.</param>
internal sealed class ProcessSearch(FaultContext context, string? container, params IReadOnlyList<string> names)
{
    /// <summary>The container, its processes, and those that are meant.</summary>
    /// <exception cref="FaultMatrixException">FT0604: none. FT0619: two containers have some, and the failure names none.</exception>
    public async Task<(PodTarget Target, ProcessList List, IReadOnlyList<ContainerProcess> Processes)> FindAsync(
        PodTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        var list = await ProcessList.ReadAsync(context, target, cancellation);
        var found = Matches(list, target);
        var others = container is null && (found.Count == 0 || IsOneOfSeveral(target)) ? Others(target) : [];
        var hits = new List<(PodTarget Target, ProcessList List, IReadOnlyList<ContainerProcess> Processes)>();
        if (found.Count > 0)
        {
            hits.Add((target, list, found));
        }

        foreach (var other in others)
        {
            var there = await ProcessList.ReadAsync(context, other, cancellation);
            if (Matches(there, other) is { Count: > 0 } matches)
            {
                hits.Add((other, there, matches));
            }
        }

        return hits switch
        {
            [var only] => only,
            [] => (target, list, list.Find(target, Patterns(target)[0])),
            _ => throw new FaultMatrixException(
                "FT0619",
                $"containers {string.Join(" and ", hits.Select(hit => hit.Target.Container))} of pod '{target.Name}' have a process "
                + $"'{Patterns(target)[0]}'; the failure must say which is meant: \"container\": \"{hits[0].Target.Container}\""),
        };
    }

    private IReadOnlyList<ContainerProcess> Matches(ProcessList list, PodTarget target) =>
        Patterns(target).Select(pattern => ProcessMatch.Find(list.All, pattern, list.Joined))
            .FirstOrDefault(found => found.Count > 0) ?? [];

    // The engines of a failover pod are alike, and which of them serves is not known by its place.
    private static bool IsOneOfSeveral(PodTarget target) => target.Container.StartsWith("engine-", StringComparison.Ordinal);

    /// <summary>What a proof says of a container that is not the one that was meant at first; null for the same.</summary>
    public static string? Elsewhere(PodTarget target, PodTarget found)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(found);
        return found.Container == target.Container ? null : $"in container {found.Container}, as {target.Container} has no match";
    }

    private static IEnumerable<PodTarget> Others(PodTarget target) =>
        target.Pod.Own.Where(c => c.Name != target.Container).Select(c => target with { Container = c.Name });

    private string[] Patterns(PodTarget target)
    {
        if (names.Count > 0)
        {
            return [.. names];
        }

        // What the pod says itself; the operator fills in what a manifest leaves out.
        var service = target.Pod.Service;
        var own = target.Pod.Object.Spec.Containers.FirstOrDefault(c => c.Name == target.Container);
        var module = service.IsFrontendOf(context.Fault.Target) ? "dynamo.frontend" : Module(own) ?? service.Module;
        return module is not null ? [module] : throw new FaultMatrixException(
            "FT0604",
                $"container '{target.Container}' of pod '{target.Name}' names no program in its command; give the failure a 'process'");
    }

    private static string? Module(V1Container? container) =>
        container is null ? null : EngineModule.Of(EngineModule.Words(container.Command, container.Args));
}
