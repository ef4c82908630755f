using FaultTolerance.StandIn.OpenAi;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Frontend.Today;

/// <summary>
/// A request on one worker. A worker that does not say in time that it has the request, and one that is forgotten before the first
/// token, fail it; once tokens come only the connection's end does, so what a stopped worker has begun goes on when it goes on.
/// </summary>
internal sealed class Attempt : IAsyncDisposable
{
    private readonly CancellationToken _client;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _gone;
    private readonly ITimer _silence;
    private readonly IAsyncEnumerator<GenerateEvent> _answers;
    private volatile bool _silent;

    /// <summary>Whether the worker itself is found dead, and not only the request failed on it.</summary>
    public bool FoundDead { get; private set; } = true;

    public Attempt(Instance instance, GenerateCommand command, TimeSpan within, TimeProvider time, CancellationToken client)
    {
        _client = client;
        _end = CancellationTokenSource.CreateLinkedTokenSource(client);
        _gone = instance.Gone.Register(() => _end.Cancel());
        _silence = time.CreateTimer(_ => OnSilence(), null, within, Timeout.InfiniteTimeSpan);
        _answers = instance.Client.GenerateAsync(command, _end.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>The next tokens; neither tokens nor an error at the answer's end.</summary>
    public async ValueTask<(GenerateEvent? Tokens, ApiError? Failure)> NextAsync()
    {
        try
        {
            while (await _answers.MoveNextAsync())
            {
                await _silence.DisposeAsync();
                if (_answers.Current.Kind == GenerateEventKind.Taken)
                {
                    continue;
                }

                await _gone.DisposeAsync();
                return (_answers.Current, null);
            }

            return (null, null);
        }
        catch (WorkerLostException lost)
        {
            return (null, TodayErrors.WorkerGone(lost.Sent ? "transport.disconnected" : "transport.cannot_connect"));
        }
        catch (GenerationFailedException)
        {
            FoundDead = false;
            return (null, TodayErrors.WorkerGone("transport.disconnected"));
        }
        catch (OperationCanceledException) when (!_client.IsCancellationRequested)
        {
            return (null, _silent ? TodayErrors.Deadline() : TodayErrors.WorkerGone("transport.disconnected"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _silence.DisposeAsync();
        await _gone.DisposeAsync();
        await _answers.DisposeAsync();
        _end.Dispose();
    }

    private void OnSilence()
    {
        _silent = true;
        _end.Cancel();
    }
}
