namespace FaultTolerance.Scenarios;

/// <summary>One step of a load's sweep: a row of its own.</summary>
/// <param name="Suffix">What the row's name has after its deployment, <c>rate-2p5</c>.</param>
/// <param name="Load">The load with this step's value.</param>
internal sealed record LoadVariant(string Suffix, LoadSpec Load);
