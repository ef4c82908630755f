using System.Collections.Immutable;

namespace FaultTolerance.Scenarios;

/// <summary>Every fault that was found in <c>scenarios.json</c>, or in a demand on it, at once.</summary>
/// <param name="diagnostics">The faults, in the file's order; at least one.</param>
internal sealed class ScenarioFileException(ImmutableArray<Diagnostic> diagnostics)
    : FaultMatrixException(diagnostics[0].Code, diagnostics[0].Message)
{
    /// <summary>The faults, one a line.</summary>
    public override string Message => string.Join('\n', Diagnostics.Select(fault => ForeignText.Line(fault.ToString())));

    /// <summary>The faults, in the file's order.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;
}
