using FaultTolerance.Artefacts.Events;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Words;

/// <summary>Words of a kind that needs no more than four sayings.</summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
/// <param name="command">The reference suite's <c>command</c>.</param>
/// <param name="plan">What a plan says; what it is done to follows.</param>
/// <param name="planShort">The same in two or three words.</param>
/// <param name="story">What the page says before the service's name.</param>
internal sealed class PlainWords<TFault>(
    Func<TFault, string> command, Func<TFault, string> plan, Func<TFault, string> planShort, string story) : IFaultWords
    where TFault : Fault
{
    /// <summary>The reference suite's <c>signal</c>.</summary>
    public string SignalName { get; init; } = "SIGINT";

    /// <inheritdoc/>
    public string Command(Fault fault) => command((TFault)fault);

    /// <inheritdoc/>
    public string Signal(Fault fault) => SignalName;

    /// <inheritdoc/>
    public string Plan(Fault fault) => plan((TFault)fault);

    /// <inheritdoc/>
    public string PlanShort(Fault fault) => planShort((TFault)fault);

    /// <inheritdoc/>
    public string Story(FaultEvent fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return $"{story} {(string.IsNullOrEmpty(fault.Service) ? fault.Target : fault.Service)}";
    }
}
