using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>The kinds of fault there are.</summary>
public static class FaultKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IFaultKind> All { get; } = [new KillProcess(), new DeletePod()];

    /// <summary>The one for a scenario's word.</summary>
    public static IFaultKind Of(FaultKind kind) => All.First(k => k.Kind == kind);
}
