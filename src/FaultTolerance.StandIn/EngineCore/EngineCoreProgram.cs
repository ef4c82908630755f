using System.Text;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;
using FaultTolerance.StandIn.Worker.Engines;

namespace FaultTolerance.StandIn.EngineCore;

/// <summary>
/// The engine core: a child of the worker that takes requests on standard input and answers on standard output. Input that ends means
/// that the worker is gone, however it went, and then the engine core goes too.
/// </summary>
internal static class EngineCoreProgram
{
    /// <summary>Exit code after an abort that the worker asked for.</summary>
    public const int AbortedExitCode = 134;

    private const string Target = "vllm.v1.engine.core";

    /// <summary>Runs until standard input ends (0) or an abort (134).</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, StandInSettings settings, ConsoleLog log, TimeProvider time)
    {
        var options = CommandOptions.Parse(ProcessNames.VllmCore, arguments, ["--always-worker"], ["--tensor-parallel-size"]);
        var tensorParallel = options.Number("--tensor-parallel-size", 1, 1, EngineKind.MostRanks);
        var jitter = new Jitter(settings.Jitter, settings.Seed, settings.PodName);
        using var engine = new TokenEngine(settings, jitter, time);
        using var ranks = new ChildProcesses(Ranks(tensorParallel, options.Has("--always-worker")));
        using var server = new GenerationServer(Console.OpenStandardOutput(), engine.RunAsync, inPlace: true);
        var aborted = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

        var input = ReadOnThreadAsync(Console.OpenStandardInput(), line =>
        {
            if (!server.OnLine(line) && WorkerNotice.VerbOf(line) == WorkerNotice.Abort)
            {
                aborted.TrySetResult(WorkerNotice.RestOf(line));
            }
        });

        var start = Task.Delay(jitter.Spread(settings.EngineStart), time);
        var first = await Task.WhenAny(start, input, aborted.Task, ranks.AnyExited);
        if (first == start)
        {
            await server.SendAsync(WorkerNotice.Ready, CancellationToken.None);
            first = await Task.WhenAny(input, aborted.Task, ranks.AnyExited);
        }

        server.OnClosed();
        if (first == input)
        {
            return 0;
        }

        var reason = first == aborted.Task ? await aborted.Task : $"{await ranks.AnyExited} died";
        log.Error(Target, $"EngineCore encountered a fatal error: {reason}");
        return AbortedExitCode;
    }

    /// <summary>A part that does no requests: lives as long as what started it.</summary>
    public static async Task<int> RunPartAsync()
    {
        await ReadOnThreadAsync(Console.OpenStandardInput(), static _ => { });
        return 0;
    }

    /// <summary>The ranks' names: today's vLLM has a worker process for a single one too.</summary>
    private static IEnumerable<string> Ranks(int tensorParallel, bool alwaysWorker) => tensorParallel > 1
        ? Enumerable.Range(0, tensorParallel).Select(rank => $"{ProcessNames.VllmWorker}_TP{rank}")
        : alwaysWorker ? [ProcessNames.VllmWorker] : [];

    /// <summary>
    /// Reads lines until the end. Reads of a pipe block, so they have a thread of their own instead of one of the pool's few.
    /// </summary>
    public static Task ReadOnThreadAsync(Stream stream, Action<string> onLine) => Task.Factory.StartNew(
        () =>
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                onLine(line);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
