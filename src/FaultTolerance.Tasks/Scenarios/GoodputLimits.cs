namespace FaultTolerance.Scenarios;

/// <summary>Within what a request has to stay to be good: its service level objectives. What is null is not asked.</summary>
internal sealed record GoodputLimits
{
    /// <summary>From the send to the first token, seconds.</summary>
    public double? Ttft { get; init; }

    /// <summary>The mean gap between a request's tokens, seconds.</summary>
    public double? Itl { get; init; }

    /// <summary>From the send to the last byte, seconds.</summary>
    public double? Latency { get; init; }
}
