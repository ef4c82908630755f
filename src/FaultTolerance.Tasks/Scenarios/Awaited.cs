namespace FaultTolerance.Scenarios;

/// <summary>What a step of a failure waits for, beyond the word of <see cref="FaultStart"/>.</summary>
internal sealed record Awaited
{
    /// <summary>Services whose pods are looked at, by name or glob.</summary>
    public string Service { get; init; } = "*";

    /// <summary>Text that a line of a log must hold; for <see cref="FaultStart.Log"/>.</summary>
    public string? Log { get; init; }

    /// <summary>A metric's name, or one series of it; for <see cref="FaultStart.Metric"/>.</summary>
    public string? Metric { get; init; }

    /// <summary>The least value of the metric that is waited for; null for none.</summary>
    public double? AtLeast { get; init; }

    /// <summary>The greatest; null for none.</summary>
    public double? AtMost { get; init; }

    /// <summary>The share of the load's planned requests that must be over, 0 to 1; for <see cref="FaultStart.Load"/>.</summary>
    public double? Load { get; init; }

    /// <summary>How long may be waited, more than 0; null for as long as replicas may take to be ready.</summary>
    public TimeSpan? Within { get; init; }
}
