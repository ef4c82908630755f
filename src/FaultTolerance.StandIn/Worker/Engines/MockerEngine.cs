using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FaultTolerance.StandIn.EngineCore;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker.Engines;

/// <summary>The mocker's engine: in the worker's own process, so there is no part to kill.</summary>
internal sealed class MockerEngine : IEngine
{
    private readonly TokenEngine _tokens;
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inFlight;

    public MockerEngine(WorkerOptions options, StandInSettings settings, TimeProvider time)
    {
        var jitter = new Jitter(settings.Jitter, settings.Seed, settings.PodName);
        var faster = settings with
        {
            Prefill = settings.Prefill / options.Speedup,
            Token = settings.Token / options.Speedup,
            Transfer = settings.Transfer / options.Speedup,
        };
        _tokens = new(faster, jitter, time);
        Ready = Task.Delay(jitter.Spread(settings.EngineStart), time);
    }

    public Task Ready { get; }

    public Task Died => _died.Task;

    public int InFlight => Volatile.Read(ref _inFlight);

    public string Description => "the engine is in this process";

    public async IAsyncEnumerable<GenerateEvent> GenerateAsync(
        GenerateCommand command,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var answers = Channel.CreateUnbounded<GenerateEvent>(new() { SingleReader = true, SingleWriter = true });
        Interlocked.Increment(ref _inFlight);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var run = RunAsync(command, answers.Writer, end.Token);
        try
        {
            await foreach (var answer in answers.Reader.ReadAllAsync(cancellation))
            {
                yield return answer;
            }

            await run;
        }
        finally
        {
            await end.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref _inFlight);
        }
    }

    public ValueTask AbortAsync(string reason)
    {
        _died.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _tokens.Dispose();

    private async Task RunAsync(GenerateCommand command, ChannelWriter<GenerateEvent> answers, CancellationToken cancellation)
    {
        try
        {
            await _tokens.RunAsync(command, answer => answers.WriteAsync(answer, CancellationToken.None), cancellation);
        }
        finally
        {
            answers.TryComplete();
        }
    }
}
