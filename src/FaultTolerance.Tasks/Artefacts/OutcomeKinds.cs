namespace FaultTolerance.Artefacts;

/// <summary>Whose an outcome is.</summary>
internal static class OutcomeKinds
{
    /// <summary>
    /// Whether it says something of the service. What broke on our own way to it does not (<see cref="Outcome.Transport"/>), nor does a
    /// kept connection that the server was closing (<see cref="Outcome.ResetKept"/>): they are in no lost request, first error or outage.
    /// </summary>
    public static bool TellsOfService(this Outcome outcome) => outcome is not (Outcome.Transport or Outcome.ResetKept);
}
