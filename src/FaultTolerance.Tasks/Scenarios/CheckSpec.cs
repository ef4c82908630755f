using System.Text.Json.Serialization;

namespace FaultTolerance.Scenarios;

/// <summary>One thing that a row's result is judged by.</summary>
/// <param name="Kind">What kind of check it is, <c>outageAtMost</c>: its key in scenarios.json, as a rule.</param>
internal sealed record CheckSpec(string Kind)
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

    /// <summary>Whether nobody asked for it: it is one that every row has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDefault { get; init; }

    /// <summary>Two checks of one identity are one demand: the later decides.</summary>
    public (string Kind, string? Subject, string? Service) Identity => (Kind, Subject, Service);
}
