using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.CutApi;

/// <summary>An API server that this tool does not reach.</summary>
internal sealed record CutApiFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "cutApi";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }
}
