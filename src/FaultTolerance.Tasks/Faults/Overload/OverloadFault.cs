using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Overload;

/// <summary>A second load on top of the first.</summary>
internal sealed record OverloadFault : Fault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "overload";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>How many clients, each with one request at a time.</summary>
    public int Clients { get; init; } = 50;

    /// <summary>Most tokens of an answer.</summary>
    public int OutputTokens { get; init; } = 100;

    /// <summary>Whether the service has to reject some (429, 503, 529).</summary>
    public bool Rejected { get; init; }

    /// <summary>How long, from the time on when all clients have sent.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(10);
}
