using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker.Engines;

/// <summary>An engine of child processes; requests go to its data-parallel engines in turn.</summary>
internal sealed class ProcessEngine : IEngine
{
    private readonly BrokenEngine _broken;
    private readonly ImmutableArray<EngineProcess> _engines;
    private readonly ImmutableArray<EngineProcess> _all;
    private readonly Task _anyDied;
    private uint _turn;

    public ProcessEngine(WorkerOptions options, StandInSettings settings)
    {
        _broken = options.Engine.Broken;
        var (engines, others) = options.Engine.Processes(options, settings);
        // Only vLLM's ranks are below its core; where all processes are the worker's own children, it starts them.
        ImmutableArray<string> arguments = options.Engine == EngineKind.Vllm
            ?
            [
                "--tensor-parallel-size", options.TensorParallelSize.ToString(CultureInfo.InvariantCulture),
                .. settings.Today is null ? [] : new[] { "--always-worker" },
            ]
            : [];
        var reaped = _broken == BrokenEngine.Exits;
        _engines = [.. engines.Select(name => EngineProcess.Start(name, arguments, reaped))];
        _all = [.. _engines, .. others.Select(name => EngineProcess.Start(name, [ProcessNames.IdleArgument], reaped))];
        Ready = Task.WhenAll(_engines.Select(engine => engine.Ready));
        _anyDied = Task.WhenAny(_all.Select(engine => engine.Died));
        Died = reaped ? _anyDied : new TaskCompletionSource().Task;
    }

    public Task Ready { get; }

    public Task Died { get; }

    public int InFlight => _engines.Sum(engine => engine.Client.InFlight);

    public string Description => $"engine is {string.Join(", ", _all.Select(engine => $"{engine.Name} (pid {engine.Id})"))}";

    public async IAsyncEnumerable<GenerateEvent> GenerateAsync(
        GenerateCommand command,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var engine = _engines[(int)(Interlocked.Increment(ref _turn) % (uint)_engines.Length)];
        await using var answers = engine.Client.GenerateAsync(command, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(answers, cancellation))
        {
            yield return answers.Current;
        }
    }

    public async ValueTask AbortAsync(string reason)
    {
        foreach (var engine in _engines)
        {
            await engine.AbortAsync(reason);
        }
    }

    public void Dispose()
    {
        foreach (var engine in _all)
        {
            engine.Dispose();
        }
    }

    /// <summary>
    /// As the enumerator's own; where the worker does not see that the engine is broken, it waits for ever for what never comes.
    /// </summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<GenerateEvent> answers, CancellationToken cancellation)
    {
        if (_broken == BrokenEngine.Exits)
        {
            return await answers.MoveNextAsync();
        }

        try
        {
            var more = await answers.MoveNextAsync();
            if (!_anyDied.IsCompleted)
            {
                return more;
            }
        }
        catch (WorkerLostException)
        {
            // The scheduler is gone.
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        return false;
    }
}
