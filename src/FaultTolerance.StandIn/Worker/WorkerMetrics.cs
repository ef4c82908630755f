using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Metrics;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.Worker;

/// <summary>A worker's figures under upstream's metric names.</summary>
internal sealed class WorkerMetrics
{
    private readonly Counter _requests;
    private readonly Counter _failures;
    private long _inFlight;

    public WorkerMetrics(WorkerOptions options, StandInSettings settings, TimeProvider time, IEngine engine)
    {
        var started = time.GetTimestamp();
        var component = options.Role == Wire.WorkerRole.Prefill ? "prefill" : "backend";
        Label[] labels = 
        [
            new("dynamo_component", component),
            new("dynamo_endpoint", "generate"),
            new("dynamo_namespace", settings.DynamoNamespace ?? "dynamo"),
            new("model", options.Model),
        ];
        _requests = Registry.Counter("dynamo_component_requests_total", "Requests taken.", labels);
        _failures = Registry.Counter("dynamo_component_errors_total", "Requests that failed or were cancelled.", labels);
        Registry.Gauge("dynamo_component_inflight_requests", "Requests being worked on.", labels, () => Interlocked.Read(ref _inFlight));
        Registry.Gauge("dynamo_component_uptime_seconds", "Since the worker's start.", labels, () =>
            time.GetElapsedTime(started).TotalSeconds
        );
        Registry.Gauge("vllm:num_requests_running", "Requests in the engine.", [new("model_name", options.Model)], () =>
            Math.Min(engine.InFlight, settings.MaximumRunning)
        );
        Registry.Gauge("vllm:num_requests_waiting", "Requests queued for the engine.", [new("model_name", options.Model)], () =>
            Math.Max(0, engine.InFlight - settings.MaximumRunning)
        );
    }

    public MetricRegistry Registry { get; } = new();

    /// <summary>Counts a request until disposed; a failure unless told otherwise.</summary>
    public Counting Count() => new(this);

    internal sealed class Counting : IDisposable
    {
        private readonly WorkerMetrics _metrics;
        private bool _succeeded;

        public Counting(WorkerMetrics metrics)
        {
            _metrics = metrics;
            metrics._requests.Add();
            Interlocked.Increment(ref metrics._inFlight);
        }

        public void Succeeded() => _succeeded = true;

        public void Dispose()
        {
            Interlocked.Decrement(ref _metrics._inFlight);
            if (!_succeeded)
            {
                _metrics._failures.Add();
            }
        }
    }
}
