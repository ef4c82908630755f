namespace FaultMatrix.Build.Model;

/// <summary>What will run, in order.</summary>
internal sealed record ExecutionPlan(IReadOnlyList<PlanStep> Steps)
{
    /// <summary>All targets of the summary, in order.</summary>
    public IEnumerable<PlannedTarget> Rows => Steps.SelectMany(s => s.Rows);

    public bool NeedsCluster => Rows.Any(r => r.Skipped is null && r.Target.NeedsCluster);

    public bool TakesScenarios => Rows.Any(r => r.Skipped is null && r.Target.TakesScenarios);

    /// <summary>The first target that works on the sources; null where none does.</summary>
    public TargetDefinition? NeedsSources => Rows.FirstOrDefault(r => r.Skipped is null && r.Target.NeedsSources)?.Target;

    public bool Runs(string name) => Rows.Any(r => r.Skipped is null && r.Target.Name == name);

    /// <param name="declarations">All targets.</param>
    /// <param name="named">The targets that were asked for.</param>
    /// <param name="skip">The targets to skip; null: none; empty: every dependency.</param>
    public static ExecutionPlan Make(Declarations declarations, IReadOnlyList<TargetDefinition> named,
        IReadOnlyList<TargetDefinition>? skip)
    {
        string? Reason(TargetDefinition t) =>
            skip is null ? null
            : skip.Count == 0 ? (named.Contains(t) ? null : "by parameter")
            : skip.Contains(t) ? "by parameter" : null;

        var matrix = declarations.Default;
        var phases = matrix.DependsOn.Select(n => declarations.FindTarget(n)!).ToList();
        var namedPhases = phases.Where(named.Contains).ToList();
        var merged = !named.Contains(matrix) && namedPhases.Count(t => t.TakesScenarios) > 1;
        var steps = new List<PlanStep>();
        foreach (var target in Order(named, phases))
        {
            if (target == matrix)
            {
                var because = Reason(matrix);
                steps.Add(new PlanStep(because is null ? matrix : null, [
                    .. phases.Select(p => new PlannedTarget(p, Reason(p)
                        ?? (because is null || named.Contains(p) ? null : $"because of {matrix.Name}"))),
                    new PlannedTarget(matrix, because)]));
            }
            else if (phases.Contains(target) && (merged || named.Contains(matrix)))
            {
                // Phases that are named together run scenario by scenario, load and fault at the same time, as the whole matrix does.
                if (merged && !steps.Any(s => s.Rows.Any(r => phases.Contains(r.Target))))
                {
                    steps.Add(new PlanStep(matrix, [.. namedPhases.Select(p => new PlannedTarget(p, Reason(p)))]));
                }
            }
            else
            {
                steps.Add(new PlanStep(Reason(target) is null ? target : null, [new PlannedTarget(target, Reason(target))]));
            }
        }

        return new ExecutionPlan(steps);
    }

    // As they were named, but phases in the order of the matrix, and what reads results after them.
    private static IEnumerable<TargetDefinition> Order(IReadOnlyList<TargetDefinition> named, List<TargetDefinition> phases) =>
        named.Select((target, index) => (target, index)).OrderBy(t => t.target.Name == "ClusterDown" ? 3
            : t.target.After is not null && !phases.Contains(t.target) ? 2
            : t.target.NeedsCluster && t.target.TakesScenarios || phases.Contains(t.target) ? 1 : 0)
            .ThenBy(t => phases.IndexOf(t.target)).ThenBy(t => t.index).Select(t => t.target);
}

/// <summary>One call: an MSBuild target or a command of the front.</summary>
/// <param name="Target">What is called; null when it is skipped as a whole.</param>
/// <param name="Rows">The targets that the call stands for.</param>
internal sealed record PlanStep(TargetDefinition? Target, IReadOnlyList<PlannedTarget> Rows)
{
    /// <summary>The phases of the matrix that the call leaves out.</summary>
    /// <param name="declarations">All targets.</param>
    public IReadOnlyList<string> Omitted(Declarations declarations) => Target is null || Target.DependsOn.Count == 0 ? []
        : [.. Target.DependsOn.Where(n => !Rows.Any(r => r.Target == declarations.FindTarget(n) && r.Skipped is null))];
}

/// <summary>A target of a plan.</summary>
/// <param name="Target">The target.</param>
/// <param name="Skipped">Why it is left out, or null.</param>
internal sealed record PlannedTarget(TargetDefinition Target, string? Skipped);
