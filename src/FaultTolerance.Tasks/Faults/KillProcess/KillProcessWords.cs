using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>What is said of a kill.</summary>
internal sealed class KillProcessWords : IFaultWords
{
    /// <summary>What is said where the process is the service's own, whatever its engine.</summary>
    public const string OfService = "the service's own process";

    /// <inheritdoc/>
    public string Command(Fault fault) => ((KillProcessFault)fault).Process is { Length: > 0 } process ? process : OfService;

    /// <inheritdoc/>
    public string Signal(Fault fault) => ((KillProcessFault)fault).Signal;

    /// <inheritdoc/>
    public string Plan(Fault fault) => ((KillProcessFault)fault).Process.Length == 0
        ? $"{Signal(fault)} to {OfService} in" : $"{Signal(fault)} to '{string.Join("' or '", ((KillProcessFault)fault).Names)}' in";

    /// <inheritdoc/>
    public string PlanShort(Fault fault) =>
        $"{Signal(fault)} {(((KillProcessFault)fault).Process is { Length: > 0 } process ? process : "process")}";

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
