namespace FaultTolerance.Results.Numbers;

/// <summary>What a part of a load measured; latency, ttft, itl and tpot are those of requests that succeeded.</summary>
/// <param name="Seconds">How long the part was.</param>
/// <param name="Requests">Requests that ended in it and say something of the service.</param>
/// <param name="Succeeded">Those that succeeded.</param>
/// <param name="Tokens">Output tokens of those, by the service's count; null where it gave none.</param>
/// <param name="Good">Those within the load's limits; null where it has none.</param>
internal sealed record PhaseNumbers(double Seconds, long Requests, long Succeeded, long? Tokens, long? Good)
{
    /// <summary>From the send to the last byte.</summary>
    public Distribution? Latency { get; init; }

    /// <summary>From the send to the first token.</summary>
    public Distribution? Ttft { get; init; }

    /// <summary>Every gap between two tokens of a request.</summary>
    public Distribution? Itl { get; init; }

    /// <summary>By request, from its first token to its last byte, by its tokens less one.</summary>
    public Distribution? Tpot { get; init; }

    /// <summary>Requests that succeeded, a second; null for no time.</summary>
    public double? RequestThroughput => Rate(Succeeded);

    /// <summary>Output tokens of those, a second.</summary>
    public double? OutputTokenThroughput => Rate(Tokens);

    /// <summary>Good requests a second.</summary>
    public double? RequestGoodput => Rate(Good);

    /// <summary>Share of all requests that were good, 0 to 1.</summary>
    public double? Goodput => Requests == 0 ? null : (double?)Good / Requests;

    private double? Rate(long? count) => Seconds > 0 ? count / Seconds : null;
}

/// <summary>What a row measured, whole and by its parts. Without a fault there is the whole alone.</summary>
/// <param name="Whole">The load after its warm-up.</param>
internal sealed record RowNumbers(PhaseNumbers Whole)
{
    /// <summary>What ended before the fault.</summary>
    public PhaseNumbers? Before { get; init; }

    /// <summary>What was sent or under way from the fault until all was well again.</summary>
    public PhaseNumbers? During { get; init; }

    /// <summary>What was sent after that.</summary>
    public PhaseNumbers? After { get; init; }

    /// <summary>The parts by their names in CSV and JSON.</summary>
    public IEnumerable<(string Name, PhaseNumbers? Part)> Parts =>
        [("whole", Whole), ("before", Before), ("during", During), ("after", After)];
}
