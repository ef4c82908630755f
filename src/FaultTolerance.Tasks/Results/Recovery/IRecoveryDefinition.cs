namespace FaultTolerance.Results.Recovery;

/// <summary>One answer to "how long did it take": an event or a span, in seconds from the fault's proof unless it says otherwise.</summary>
public interface IRecoveryDefinition
{
    /// <summary>Name in CSV and JSON, <c>first_success</c>.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    Measured Measure(RecoveryInput input);
}
