using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>What is said of a kill.</summary>
internal sealed class KillProcessWords : IFaultWords
{
    /// <inheritdoc/>
    public string Command(Fault fault) => ((KillProcessFault)fault).Process;

    /// <inheritdoc/>
    public string Signal(Fault fault) => ((KillProcessFault)fault).Signal;

    /// <inheritdoc/>
    public string Plan(Fault fault) => $"{Signal(fault)} to '{Command(fault)}' in";

    /// <inheritdoc/>
    public string PlanShort(Fault fault) => $"{Signal(fault)} {Command(fault)}";

    /// <inheritdoc/>
    public string Story(FaultEvent fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return $"{fault.Signal} was sent to {Program(fault.Command ?? "a process")} in {fault.Service}";
    }

    private static string Program(string command)
    {
        var words = command.Split(' ');
        return words is ["python3" or "python", "-m", var module, ..] ? module : words[0];
    }
}
