using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.CrashLoop;

/// <summary>Processes that are killed again and again.</summary>
internal sealed record CrashLoopFault : Fault, IContainerFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "crashLoop";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>Substring of the command line of the processes to kill.</summary>
    public required string Process { get; init; }

    /// <summary>The signal.</summary>
    public required string Signal { get; init; }

    /// <summary>How often.</summary>
    public int Times { get; init; } = 3;

    /// <summary>Time from one kill's proof to the next kill, at least; the processes have to be there again.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string? Container { get; init; }
}
