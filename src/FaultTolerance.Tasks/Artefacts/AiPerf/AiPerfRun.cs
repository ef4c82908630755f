using System.Collections.Immutable;

namespace FaultTolerance.Artefacts.AiPerf;

/// <summary>
/// One run of AIPerf: an attempt of a client's whole load, as <c>client_n/attempt_m/profile_export_aiperf.json</c> sums it up.
/// </summary>
/// <param name="Client">The client's number, from 0.</param>
/// <param name="Attempt">The attempt's number, from 0; the suite tries a load again that went too badly.</param>
/// <param name="Folder">The attempt's folder.</param>
internal sealed record AiPerfRun(int Client, int Attempt, string Folder)
{
    /// <summary>Requests that were answered; null where the file does not say.</summary>
    public long? Succeeded { get; init; }

    /// <summary>Requests that failed; null where the file does not say.</summary>
    public long? Failed { get; init; }

    /// <summary>Whether it was stopped before its end; null where the file does not say.</summary>
    public bool? WasCancelled { get; init; }

    /// <summary>Metrics with their distribution, in the file's units.</summary>
    public ImmutableArray<AiPerfMetric> Metrics { get; init; } = [];

    /// <summary>Whether <c>profile_export.jsonl</c> lies beside it, which holds single requests.</summary>
    public bool HasRequests { get; init; }

    /// <summary>Why it tells nothing; null where it does.</summary>
    public string? Trouble { get; init; }
}

/// <summary>A metric of an AIPerf run.</summary>
/// <param name="Name">As in the file, <c>request_latency</c>.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Values">What the file tells of it: <c>avg</c>, <c>p50</c> and so on.</param>
internal sealed record AiPerfMetric(string Name, string Unit, ImmutableArray<(string Name, double Value)> Values);
