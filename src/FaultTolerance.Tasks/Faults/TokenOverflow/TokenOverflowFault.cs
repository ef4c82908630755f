using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.TokenOverflow;

/// <summary>Prompts that are longer than the model takes.</summary>
internal sealed record TokenOverflowFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "tokenOverflow";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>How many of them.</summary>
    public int Requests { get; init; } = 10;

    /// <summary>Words of each prompt, a token each at least.</summary>
    public required int InputTokens { get; init; }

    /// <summary>The status that a rejection has; null for any of 400 to 499.</summary>
    public int? RejectedWith { get; init; }
}
