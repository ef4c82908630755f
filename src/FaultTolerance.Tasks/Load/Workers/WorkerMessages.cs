using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaultTolerance.Runs;

namespace FaultTolerance.Load.Workers;

/// <summary>What a runner asks of a worker: a line of JSON. What is null is not asked.</summary>
internal sealed record WorkerAsk
{
    /// <summary>The plan's token; the line to the worker puts it in.</summary>
    public string Token { get; init; } = "";

    /// <summary>The frontends that are ready now.</summary>
    public ImmutableArray<WorkerFrontend>? Frontends { get; init; }

    /// <summary>Prepare the load, on a clock with this anchor, whose ticks are the worker's.</summary>
    public ClockAnchor? Begin { get; init; }

    /// <summary>With <see cref="Begin"/>: which of the workers it is, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Start at this instant, in the worker's ticks.</summary>
    public long? StartAt { get; init; }

    /// <summary>A load that goes on after its plan has gone on for long enough.</summary>
    public bool Enough { get; init; }

    /// <summary>Stop, for this reason.</summary>
    public string? Stop { get; init; }

    /// <summary>Send what the clients' logs have beyond so many bytes each, in the order of the clients.</summary>
    public ImmutableArray<long>? From { get; init; }

    /// <summary>All was fetched: end.</summary>
    public bool Bye { get; init; }
}

/// <summary>What a worker answers: a line of JSON, and then the bytes of <see cref="Pieces"/>, one after the other.</summary>
internal sealed record WorkerAnswer
{
    /// <summary>Its clock at the answer, in its ticks.</summary>
    public long Now { get; init; }

    /// <summary>The same on its wall clock.</summary>
    public DateTimeOffset Wall { get; init; }

    /// <summary>Ticks a second.</summary>
    public long Frequency { get; init; }

    /// <summary>How far it is.</summary>
    public WorkerState State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>What became of requests up to now.</summary>
    public LoadProgress Progress { get; init; }

    /// <summary>When it started, in its ticks.</summary>
    public long? Passed { get; init; }

    /// <summary>When its first request was sent, on the run's clock.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>When it had sent its plan, on the run's clock, where it goes on after that.</summary>
    public DateTimeOffset? PlanEnded { get; init; }

    /// <summary>
    /// What is under way, where the runner watches the requests: client, number and send (UTC ticks) of each, one after the other.
    /// </summary>
    public ImmutableArray<long> UnderWay { get; init; } = [];

    /// <summary>Its books and health, once it has ended.</summary>
    public LoadTotals? Totals { get; init; }

    /// <summary>The clients' logs in whole, once it has ended.</summary>
    public ImmutableArray<WorkerLog> Logs { get; init; } = [];

    /// <summary>Bytes that follow, of each client of the share.</summary>
    public ImmutableArray<int> Pieces { get; init; } = [];
}

/// <summary>How far a worker is.</summary>
internal enum WorkerState
{
    /// <summary>It waits to be told to prepare.</summary>
    Waiting,

    /// <summary>It opens connections.</summary>
    Preparing,

    /// <summary>It waits for the instant.</summary>
    Ready,

    /// <summary>It sends.</summary>
    Running,

    /// <summary>Every request is accounted for, and the logs are whole.</summary>
    Ended,

    /// <summary>It cannot go on.</summary>
    Failed,
}

/// <summary>A frontend.</summary>
/// <param name="Pod">Its pod.</param>
/// <param name="Uid">That one's uid.</param>
/// <param name="Url">Its address.</param>
internal sealed record WorkerFrontend(string Pod, string Uid, string Url)
{
    /// <summary>Takes one from a transport's list.</summary>
    public static WorkerFrontend Of(FrontendEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new(endpoint.Pod, endpoint.Uid, endpoint.BaseAddress.AbsoluteUri);
    }
}

/// <summary>A client's whole log.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Sha256">Its hash, hexadecimal.</param>
internal sealed record WorkerLog(long Bytes, long Lines, string Sha256);

/// <summary>How messages are written.</summary>
internal static class WorkerForm
{
    /// <summary>One line, what is null left out.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The port that a worker listens at, on loopback: it is reached by a port-forward alone.</summary>
    public const int Port = 8479;

    /// <summary>Most bytes of logs in one answer.</summary>
    public const int MostBytes = 8 << 20;
}
