namespace FaultTolerance.Planning;

/// <summary>What a line of a plan is about.</summary>
internal enum PlanLineKind
{
    /// <summary>A scenario, and how long it takes.</summary>
    Scenario,

    /// <summary>An object that would be created.</summary>
    Creates,

    /// <summary>A fault, and the pods it would hit.</summary>
    Fault,

    /// <summary>A pod, node or object that a fault would hit, or a right that it needs.</summary>
    Target,

    /// <summary>A right that is needed.</summary>
    Permission,
}

/// <summary>A line of a plan.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">The line.</param>
internal sealed record PlanLine(PlanLineKind Kind, string Text)
{
    /// <summary>The scenario it is about; empty for none.</summary>
    public string Scenario { get; init; } = "";

    /// <summary>The service that a fault hits, or empty.</summary>
    public string Service { get; init; } = "";

    /// <summary>The same in a few words, for a chart.</summary>
    public string Short { get; init; } = "";
}
