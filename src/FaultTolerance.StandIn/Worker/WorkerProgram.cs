using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.Worker;

/// <summary>
/// A decode or prefill worker: starts its engine, takes requests when that is initialised, and ends when it sees that dead. It never
/// restarts the engine itself; as upstream, that is the kubelet's affair.
/// </summary>
internal static class WorkerProgram
{
    /// <summary>Exit code after the engine's death.</summary>
    public const int EngineDeadExitCode = 1;

    /// <summary>Exit code of a worker that found its lease over.</summary>
    public const int LeaseLostExitCode = 1;

    /// <summary>Exit code of a worker that could not register.</summary>
    public const int NotRegisteredExitCode = 1;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FarewellWithin = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs until a stop signal (0) or the engine's death (1).</summary>
    public static async Task<int> RunAsync(
        EngineKind kind,
        IReadOnlyList<string> arguments,
        StandInSettings settings,
        ConsoleLog log,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var options = WorkerOptions.Parse(kind, arguments);
        log.Info(kind.Module, $"starting worker for {options.Model} ({options.Role}), pod {settings.PodName}");
        if (options.Ignored.Count > 0)
        {
            log.Info(kind.Module, $"options without a meaning for the stand-in: {string.Join(' ', options.Ignored)}");
        }

        var link = kind.IsSidecar ? await EngineLink.ConnectAsync(options, settings, log, time, stop) : null;
        if (kind.IsSidecar && link is null)
        {
            return 0;
        }

        options = link is null || options.Model != WorkerOptions.NotTold ? options : options with { Model = link.Model };
        using IEngine engine = link as IEngine
            ?? (kind == EngineKind.Mocker ? new MockerEngine(options, settings, time) : new ProcessEngine(options, settings));
        log.Info(kind.Module, engine.Description);
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, time, stop)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (options.Headless)
        {
            log.Info(kind.Module, "a further node of its engine: takes no requests");
            return await Task.WhenAny(engine.Died, stopped) == stopped ? 0 : EngineDead(kind, log);
        }

        return await ServeAsync(options, engine, stopped, settings, log, time, stop);
    }

    private static async Task<int> ServeAsync(
        WorkerOptions options,
        IEngine engine,
        Task stopped,
        StandInSettings settings,
        ConsoleLog log,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var kind = options.Engine;
        var address = BindAddress.For(settings.PodIp);
        using var peers = new PrefillPeers(settings, log, time, stop);
        var metrics = new WorkerMetrics(options, settings, time, engine);
        var handler = new WorkerHandler(options, engine, peers, metrics);
        var standsBy = false;
        var health = new SystemEndpoint(options, () => handler.Ready || standsBy, metrics.Registry);
        await using var system = await HttpServer.StartAsync(address, settings.SystemPort, health.AnswerAsync);
        log.Info(kind.Module, $"system server on port {settings.SystemPort}");
        using var requests = settings.EngineNumber is null
            ? RequestListener.Start(address, settings.RequestPort, handler.RunAsync, OnNotice)
            : await StandByAsync();
        if (requests is null)
        {
            return stop.IsCancellationRequested ? 0 : EngineDead(kind, log);
        }

        using var registration = new Registration(settings, log);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var leaseLost = new TaskCompletionSource().Task;

        var first = await Task.WhenAny(engine.Ready, engine.Died, stopped);
        if (first == engine.Ready)
        {
            // The lease is there before what is registered under it.
            leaseLost = settings.Today is { } keeping ? new LeaseKeeper(keeping, requests, log, time).LostAsync(ended.Token) : leaseLost;
            if (!await registration.MakeAsync(options, CancellationToken.None))
            {
                return NotRegisteredExitCode;
            }

            handler.Ready = true;
            peers.Hold();
            await requests.AnnounceAsync(
                new ReadyNotice(options.Role, settings.PodName, options.Model, options.ContextLength, options.NeedsPrefill).ToString()
            );
            ReadyTexts.Write(log, settings, options);
            first = await Task.WhenAny(engine.Died, stopped, peers.PartnerLost, leaseLost);
        }

        first = stop.IsCancellationRequested ? stopped : first;
        if (first == stopped && settings.Today is { } today)
        {
            var pause = kind.Pauses ? today.WorkerPause : TimeSpan.Zero;
            await Drain.RunAsync(today, pause, requests, handler, health, registration, log, time);
            return 0;
        }

        handler.Ready = false;
        if (first == leaseLost)
        {
            await FarewellAsync(requests, WorkerNotice.Bye);
            await ended.CancelAsync();
            return LeaseLostExitCode;
        }

        if (first == peers.PartnerLost)
        {
            log.Error(kind.Module, $"transfer from {await peers.PartnerLost} failed and no other prefill worker is left");
            await engine.AbortAsync("KV transfer partner lost");
            first = await Task.WhenAny(engine.Died, stopped);
        }

        if (first == stopped)
        {
            log.Info(kind.Module, "shutting down");
            await FarewellAsync(requests, WorkerNotice.Bye);
            return 0;
        }

        await FarewellAsync(requests, WorkerNotice.EngineDead);
        return EngineDead(kind, log);

        // An engine of a failover pod: initialised, it waits until the one that serves is gone and its port free.
        async Task<RequestListener?> StandByAsync()
        {
            if (await Task.WhenAny(engine.Ready, engine.Died, stopped) != engine.Ready)
            {
                return null;
            }

            standsBy = true;
            for (var told = false; ; told = true)
            {
                if (RequestListener.TryStart(address, settings.RequestPort, handler.RunAsync, OnNotice) is { } listener)
                {
                    return listener;
                }

                if (!told)
                {
                    log.Info(kind.Module, $"engine {settings.EngineNumber} stands by");
                }

                if (
                    await Task.WhenAny(engine.Died, stopped, Task.Delay(LookEvery, time, CancellationToken.None)) is var first
                    && (first == engine.Died || first == stopped)
                )
                {
                    return null;
                }
            }
        }

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

    private static int EngineDead(EngineKind kind, ConsoleLog log)
    {
        log.Error(
            kind.Module,
            kind.IsSidecar ? "the connection to the engine is gone"
                : kind == EngineKind.Trtllm ? "TRT-LLM engine is unhealthy"
                : "vLLM AsyncLLM health check failed: engine core died (EngineDeadError)"
        );
        log.Error(kind.Module, "Initiating Dynamo Runtime shutdown.");
        return EngineDeadExitCode;
    }
}
