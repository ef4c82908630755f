namespace FaultTolerance.Faults;

/// <summary>When a fault took effect, and how that was seen.</summary>
/// <param name="At">When.</param>
/// <param name="Proof">How it was seen.</param>
/// <param name="Uncertainty">How far <paramref name="At"/> may be off; null where that is not known.</param>
internal sealed record Landing(DateTimeOffset At, string Proof, TimeSpan? Uncertainty = null);
