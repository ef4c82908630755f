using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;
using FaultTolerance.StandIn.Worker;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.EngineCore;

/// <summary>
/// An engine in a container of its own, beside a sidecar that is the worker: <c>vllm-rs serve MODEL</c>, or <c>python3 -m
/// sglang.launch_server --model-path MODEL</c>. It takes the time and says so; between it and the sidecar runs this stand-in's own line
/// protocol, no gRPC.
/// </summary>
internal static class EngineServerProgram
{
    private const string Target = "engine";
    private const string NoModel = "model";

    /// <summary>Runs until a stop signal; then 0.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, StandInSettings settings, ConsoleLog log, TimeProvider time, CancellationToken stop)
    {
        var options = CommandOptions.Parse(Target, arguments, [], ["--grpc-port", "--model-path", "--model", "--served-model-name"]);
        var port = options.Number("--grpc-port", EngineLink.UsualPort, 1, 65535);
        var model = options.Text("--served-model-name") ?? options.Text("--model-path") ?? options.Text("--model")
            ?? options.Ignored.SkipWhile(word => word != "serve").Skip(1).FirstOrDefault() ?? NoModel;
        var jitter = new Jitter(settings.Jitter, settings.Seed, settings.PodName);
        using var engine = new TokenEngine(settings, jitter, time);
        log.Info(Target, $"loads {model}");
        await Task.Delay(jitter.Spread(settings.EngineStart), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested)
        {
            return 0;
        }

        using var listener = RequestListener.Start(BindAddress.For(settings.PodIp), port, engine.RunAsync, static _ => { });
        await listener.AnnounceAsync($"{WorkerNotice.Ready} {model}");
        log.Info(Target, $"serves {model} on port {port}");
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
