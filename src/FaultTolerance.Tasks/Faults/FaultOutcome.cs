namespace FaultTolerance.Faults;

/// <summary>What became of a fault on one target.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Service">The service; empty where it hits none.</param>
/// <param name="Target">The pod, or what else it hit; null when there was nothing to break.</param>
/// <param name="Proof">The proof; null when there is none.</param>
/// <param name="Error">Why there is no proof, or why it is not undone; null when all went as asked.</param>
internal sealed record FaultOutcome(string Id, string Service, string? Target, FaultProof? Proof, FaultMatrixException? Error);
