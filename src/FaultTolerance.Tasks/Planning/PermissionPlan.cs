using FaultTolerance.Cluster;

namespace FaultTolerance.Planning;

/// <summary>The rights that a run needs, and which of them it has.</summary>
internal static class PermissionPlan
{
    /// <summary>A line per resource with the verbs that are needed; missing ones are named.</summary>
    /// <param name="answers">What the cluster says to each right.</param>
    /// <param name="where">The namespace and the cluster, for the heading.</param>
    public static IEnumerable<PlanLine> Lines(IReadOnlyList<PermissionAnswer> answers, string where)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var missing = answers.Count(a => !a.Allowed);
        yield return new PlanLine(
            PlanLineKind.Permission,
            $"Permissions in {where}: {answers.Count} needed, {(missing == 0 ? "all granted" : $"{missing} MISSING")}"
        );
        foreach (var resource in answers.GroupBy(a => a.Permission.ResourceName, StringComparer.Ordinal))
        {
            var lacking = resource.Where(a => !a.Allowed).Select(a => a.Permission.Verb).ToList();
            yield return new PlanLine(
                PlanLineKind.Permission,
                $"  {resource.Key}: {string.Join(", ", resource.Select(a => a.Permission.Verb))}{(lacking.Count == 0 ? "" : $"   MISSING: {string.Join(", ", lacking)}")}"
            );
        }
    }
}
