namespace FaultTolerance.Results.Legacy;

/// <summary>
/// One row of the reference suite's table. Null is <c>N/A</c>, not-a-number is <c>nan</c> (no successful attempt on that side).
/// </summary>
/// <param name="Failure">The failure's name.</param>
/// <param name="Startup">Seconds from the graph's creation to ready.</param>
/// <param name="SuccessBefore">Successful attempts that ended no later than the fault.</param>
/// <param name="FailedBefore">The other attempts of that side.</param>
/// <param name="SuccessAfter">Successful attempts that ended after the fault.</param>
/// <param name="FailedAfter">The other attempts of that side.</param>
/// <param name="LatencyBefore">Arithmetic mean of the successful attempts' seconds before the fault.</param>
/// <param name="LatencyAfter">The same after it.</param>
/// <param name="Recovery">Seconds from the fault to the last ready text in any pod's log.</param>
internal sealed record LegacyRow(
    string Failure,
    double? Startup = null,
    double? SuccessBefore = null,
    double? FailedBefore = null,
    double? SuccessAfter = null,
    double? FailedAfter = null,
    double? LatencyBefore = null,
    double? LatencyAfter = null,
    double? Recovery = null)
{
    /// <summary>Successful attempts before the fault that took longer than the limit; null without a limit.</summary>
    public double? ViolationsBefore { get; init; }

    /// <summary>The same after the fault.</summary>
    public double? ViolationsAfter { get; init; }
}
