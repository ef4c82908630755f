using FaultTolerance.Faults.Processes;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>A signal to processes.</summary>
internal sealed record KillProcessFault : Fault, IContainerFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "killProcess";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>
    /// Substring of the command line of the processes to kill; empty for the module in the service's command, whatever its engine.
    /// </summary>
    public string Process { get; init; } = "";

    /// <summary>Other names of the same process, a line each, tried in order where the first has no match; empty for none.</summary>
    public string OrElse { get; init; } = "";

    /// <summary>All names of the process in order; none where it is the service's own.</summary>
    internal IEnumerable<string> Names => Process.Length == 0
        ? [] : OrElse.Split('\n', StringSplitOptions.RemoveEmptyEntries).Prepend(Process);

    /// <summary>One of <see cref="Signals.Names"/>.</summary>
    public string Signal { get; init; } = Signals.Interrupt;

    /// <inheritdoc/>
    public string? Container { get; init; }
}
