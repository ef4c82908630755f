using System.Collections.Concurrent;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Metrics;
using FaultTolerance.StandIn.OpenAi;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>
/// The frontend's figures under upstream's metric names and labels. A counter is there from its first event on, as upstream's; each
/// answer to a request that could be read is counted once, when it ends.
/// </summary>
internal sealed class FrontendMetrics
{
    private const string Endpoint = "chat_completions";
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);
    private readonly Histogram _firstToken;
    private readonly Histogram _duration;
    private long _disconnected;

    public FrontendMetrics(Func<int> readyWorkers)
    {
        Registry.Gauge("dynamo_frontend_inflight_requests", "Requests being worked on.", [], () => InFlight.Count);
        Registry.Gauge("dynamo_frontend_ready_workers", "Decode workers that take requests.", [], () => readyWorkers());
        Registry.Gauge("dynamo_frontend_disconnected_clients", "Clients that went before their answer was whole.", [], () =>
            Interlocked.Read(ref _disconnected)
        );
        _firstToken = Registry.Histogram(
            "dynamo_frontend_time_to_first_token_seconds",
            "From the request's arrival to its first token.",
            [],
            Seconds
        );
        _duration = Registry.Histogram("dynamo_frontend_request_duration_seconds", "From the request's arrival to its end.", [], Seconds);
    }

    public MetricRegistry Registry { get; } = new();

    /// <summary>The requests that are being answered.</summary>
    public InFlight InFlight { get; } = new();

    public void FirstToken(TimeSpan after) => _firstToken.Observe(after.TotalSeconds);

    /// <summary>Counts an answer; <paramref name="errorType"/> is empty for a success.</summary>
    public void Answered(string model, bool stream, string errorType, TimeSpan after)
    {
        _duration.Observe(after.TotalSeconds);
        Count(
            "dynamo_frontend_requests_total", "Requests answered.",
            new("endpoint", Endpoint), new("error_type", errorType), new("model", model), new("request_type", stream ? "stream" : "unary"),
            new("status", errorType.Length == 0 ? "success" : "error"));
    }

    public void Failed(ApiError error) =>
        Count("dynamo_frontend_failures_total", "Failures by class and reason.", new("class", error.Class), new("reason", error.Reason));

    /// <summary>The client went before its answer was whole.</summary>
    public void Cancelled(string model, bool stream)
    {
        Interlocked.Increment(ref _disconnected);
        Count(
            "dynamo_frontend_model_cancellation_total", "Requests whose client went.",
            new("endpoint", Endpoint), new("model", model), new("request_type", stream ? "stream" : "unary"));
    }

    /// <summary>
    /// A request's worker failed it: before its first token (a new request) or after (an ongoing one). Upstream counts it whether or not
    /// the limit lets it go on elsewhere.
    /// </summary>
    public void Migration(string model, bool ongoing) =>
        Count(
            "dynamo_frontend_model_migration_total",
            "Requests to migrate.",
            new("migration_type", ongoing ? "ongoing_request" : "new_request"),
            new("model", model)
        );

    private void Count(string name, string help, params Label[] labels) =>
        _counters
            .GetOrAdd($"{name}{string.Concat(labels.Select(label => $"\0{label.Value}"))}", _ => Registry.Counter(name, help, labels))
            .Add();
}
