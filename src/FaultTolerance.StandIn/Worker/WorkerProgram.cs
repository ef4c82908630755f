using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>
/// A decode or prefill worker: starts its engine core, takes requests when that is initialised, and ends when that dies. It never
/// restarts the engine core itself; as upstream, that is the kubelet's affair.
/// </summary>
internal static class WorkerProgram
{
    /// <summary>Exit code after the engine core's death.</summary>
    public const int EngineDeadExitCode = 1;

    /// <summary>Exit code of a worker that found its lease over.</summary>
    public const int LeaseLostExitCode = 1;

    private const string Target = "dynamo.vllm";
    private static readonly TimeSpan FarewellWithin = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs until a stop signal (0) or the engine core's death (1).</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, StandInSettings settings, ConsoleLog log, TimeProvider time, CancellationToken stop)
    {
        var options = WorkerOptions.Parse(arguments);
        log.Info(Target, $"starting worker for {options.Model} ({options.Role}), pod {settings.PodName}");
        if (options.Ignored.Count > 0)
        {
            log.Info(Target, $"options without a meaning for the stand-in: {string.Join(' ', options.Ignored)}");
        }

        var address = BindAddress.For(settings.PodIp);
        using var engine = EngineProcess.Start(options.TensorParallelSize);
        using var peers = new PrefillPeers(settings, log, time, stop);
        var metrics = new WorkerMetrics(options, settings, time, engine);
        var handler = new WorkerHandler(options, engine, peers, metrics);
        using var requests = RequestListener.Start(address, settings.RequestPort, handler.RunAsync, OnNotice);
        var health = new SystemEndpoint(options, () => handler.Ready, metrics.Registry);
        await using var system = await HttpServer.StartAsync(address, settings.SystemPort, health.AnswerAsync);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var leaseLost = new TaskCompletionSource().Task;
        log.Info(Target, $"system server on port {settings.SystemPort}, engine core is pid {engine.Id}");

        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var first = await Task.WhenAny(engine.Ready, engine.Died, stopped);
        if (first == engine.Ready)
        {
            handler.Ready = true;
            peers.Hold();
            await requests.AnnounceAsync(new ReadyNotice(options.Role, settings.PodName, options.Model, options.ContextLength).ToString());
            ReadyTexts.Write(log, settings, options);
            leaseLost = settings.Today is { } keeping ? new LeaseKeeper(keeping, requests, log, time).LostAsync(ended.Token) : leaseLost;
            first = await Task.WhenAny(engine.Died, stopped, peers.PartnerLost, leaseLost);
        }

        first = stop.IsCancellationRequested ? stopped : first;
        if (first == stopped && settings.Today is { } today)
        {
            await Drain.RunAsync(today, today.WorkerPause, requests, handler, health, log, time);
            return 0;
        }

        handler.Ready = false;
        if (first == leaseLost)
        {
            await FarewellAsync(requests, WorkerNotice.Bye);
            return LeaseLostExitCode;
        }

        if (first == peers.PartnerLost)
        {
            log.Error(Target, $"transfer from {await peers.PartnerLost} failed and no other prefill worker is left");
            await engine.AbortAsync("KV transfer partner lost");
            first = await Task.WhenAny(engine.Died, stopped);
        }

        if (first == stopped)
        {
            log.Info(Target, "shutting down");
            await FarewellAsync(requests, WorkerNotice.Bye);
            return 0;
        }

        log.Error(Target, "engine core died (EngineDeadError), shutting down");
        await FarewellAsync(requests, WorkerNotice.EngineDead);
        return EngineDeadExitCode;

        void OnNotice(string line)
        {
            if (WorkerNotice.VerbOf(line) == WorkerNotice.Peers && options.Role == WorkerRole.Decode)
            {
                peers.Set(WorkerNotice.RestOf(line));
            }
        }

        async Task FarewellAsync(RequestListener listener, string word)
        {
            // A peer that does not read must not keep a dying worker alive.
            using var within = new CancellationTokenSource(FarewellWithin, time);
            await listener.AnnounceAsync(word).WaitAsync(within.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
