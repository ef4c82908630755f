
namespace FaultMatrix.Build.Model;

/// <summary>A declared target: an MSBuild target, or a command of the front. Users cannot tell which.</summary>
internal sealed record TargetDefinition(string Name, string Description)
{
    /// <summary>Targets that run as part of it, in order.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>A target that comes before it when both are asked for.</summary>
    public string? After { get; init; }

    /// <summary>Runs when no target is named.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Runs in the engine rather than in the front.</summary>
    public bool InEngine { get; init; }

    /// <summary>Runs also when what came before it has failed.</summary>
    public bool RunsAfterFailure { get; init; }

    /// <summary>Works on the selected scenarios.</summary>
    public bool TakesScenarios { get; init; }

    /// <summary>Needs a cluster.</summary>
    public bool NeedsCluster { get; init; }

    /// <summary>Works on the sources: a tool without them refuses it.</summary>
    public bool NeedsSources { get; init; }

    /// <summary>The name in the form that names are compared in.</summary>
    public string Key { get; } = Names.Key(Name);
}
