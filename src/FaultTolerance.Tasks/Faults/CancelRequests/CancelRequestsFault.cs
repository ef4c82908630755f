using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.CancelRequests;

/// <summary>Clients that leave in the middle of a stream.</summary>
internal sealed record CancelRequestsFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "cancelRequests";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>How many streams are begun and left.</summary>
    public int Requests { get; init; } = 10;

    /// <summary>Tokens that each asks for.</summary>
    public int OutputTokens { get; init; } = 1000;
}
