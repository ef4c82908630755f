using System.Collections.Concurrent;
using FaultTolerance.StandIn.Metrics;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>The frontend's figures under upstream's metric names.</summary>
internal sealed class FrontendMetrics
{
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private readonly ConcurrentDictionary<(string Model, string Type, string Status), Counter> _requests = new();
    private readonly Histogram _firstToken;
    private readonly Histogram _duration;
    private long _inFlight;

    public FrontendMetrics(WorkerRegistry workers)
    {
        Registry.Gauge("dynamo_frontend_inflight_requests", "Requests being worked on.", [], () => Interlocked.Read(ref _inFlight));
        Registry.Gauge("dynamo_frontend_ready_workers", "Decode workers that take requests.", [], () => workers.ReadyWorkers);
        _firstToken = Registry.Histogram("dynamo_frontend_time_to_first_token_seconds", "From the request's arrival to its first token.", [], Seconds);
        _duration = Registry.Histogram("dynamo_frontend_request_duration_seconds", "From the request's arrival to its end.", [], Seconds);
    }

    public MetricRegistry Registry { get; } = new();

    public void Began() => Interlocked.Increment(ref _inFlight);

    public void FirstToken(TimeSpan after) => _firstToken.Observe(after.TotalSeconds);

    /// <summary>Counts a finished request; the model's name is the client's only where a worker has it.</summary>
    public void Ended(string model, bool stream, string status, TimeSpan after)
    {
        Interlocked.Decrement(ref _inFlight);
        _duration.Observe(after.TotalSeconds);
        _requests.GetOrAdd((model, stream ? "stream" : "unary", status), key => Registry.Counter(
            "dynamo_frontend_requests_total", "Requests answered.",
            new("model", key.Model), new("endpoint", "chat_completions"), new("request_type", key.Type), new("status", key.Status))).Add();
    }
}
