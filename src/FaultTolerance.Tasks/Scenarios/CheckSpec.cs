namespace FaultTolerance.Scenarios;

/// <summary>One thing that a row's result is judged by.</summary>
/// <param name="Kind">The key in scenarios.json.</param>
public sealed record CheckSpec(CheckKind Kind)
{
    /// <summary>What it is about: a recovery definition, <c>p95</c> or <c>p99</c>, a metric; null where the kind says it all.</summary>
    public string? Subject { get; init; }

    /// <summary>Logs and metrics: the services, by name or glob.</summary>
    public string? Service { get; init; }

    /// <summary>The least allowed value, in the kind's unit.</summary>
    public double? AtLeast { get; init; }

    /// <summary>The greatest allowed value, in the kind's unit: seconds, requests, a factor.</summary>
    public double? AtMost { get; init; }

    /// <summary>How much it counts in a deployment's score, more than 0; the verdict does not heed it.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Two checks of one identity are one demand: the later decides.</summary>
    public (CheckKind Kind, string? Subject, string? Service) Identity => (Kind, Subject, Service);
}

/// <summary>Kinds of check.</summary>
public enum CheckKind
{
    /// <summary>The longest span in which no client got an answer, seconds.</summary>
    OutageAtMost,

    /// <summary>Requests that failed after the fault.</summary>
    LostAtMost,

    /// <summary>Share of the requests after the fault that succeeded, 0 to 1.</summary>
    SuccessAfterAtLeast,

    /// <summary>Recovery by the definition named, seconds.</summary>
    RecoveryAtMost,

    /// <summary>A percentile of latency after the failures, as a multiple of that before the fault.</summary>
    LatencyAgainstBefore,

    /// <summary>No container restarts but those that the fault hit.</summary>
    NoRestartElsewhere,

    /// <summary>A log of the service holds the text.</summary>
    LogContains,

    /// <summary>No log of the service holds the text.</summary>
    LogContainsNot,

    /// <summary>Every sample of a metric, through the load and at its end, lies in the range.</summary>
    MetricInRange,

    /// <summary>The load generator's own figures are within their limits.</summary>
    GeneratorHealthy,
}
