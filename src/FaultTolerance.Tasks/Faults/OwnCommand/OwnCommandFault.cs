using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.OwnCommand;

/// <summary>A command of the file's author, with its undo and its proof.</summary>
internal sealed record OwnCommandFault : Fault, ILastingFault, IContainerFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "command";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>A shell script that breaks something.</summary>
    public required string Run { get; init; }

    /// <summary>A shell script that undoes it. It must do no harm where there is nothing to undo.</summary>
    public required string Undo { get; init; }

    /// <summary>A shell script that ends with 0 while it is broken, and with something else when it is not.</summary>
    public required string Check { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <inheritdoc/>
    public string? Container { get; init; }
}
