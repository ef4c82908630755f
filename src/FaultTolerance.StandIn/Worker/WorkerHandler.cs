using FaultTolerance.StandIn.Wire;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.Worker;

/// <summary>Does one request: prefill by a prefill worker where one is ready, the rest by the worker's own engine core.</summary>
internal sealed class WorkerHandler(WorkerOptions options, IEngine engine, PrefillPeers peers, WorkerMetrics metrics)
{
    private volatile bool _ready;

    /// <summary>Whether requests are taken.</summary>
    public bool Ready
    {
        get => _ready;
        set => _ready = value;
    }

    /// <summary>A <see cref="GenerationHandler"/>.</summary>
    public async Task RunAsync(GenerateCommand command, Func<GenerateEvent, ValueTask> send, CancellationToken cancellation)
    {
        if (!Ready)
        {
            throw new GenerationFailedException("the worker is not ready");
        }

        using var counted = metrics.Count();
        var mode = command.Mode;
        if (mode == GenerateMode.Full && options.Role == WorkerRole.Decode && await peers.TryPrefillAsync(command, cancellation))
        {
            mode = GenerateMode.Decode;
        }

        await foreach (var answer in engine.GenerateAsync(command with { Mode = mode, Acknowledge = false }, cancellation))
        {
            await send(answer);
        }

        counted.Succeeded();
    }
}
