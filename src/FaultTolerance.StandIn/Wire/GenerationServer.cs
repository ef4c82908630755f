using System.Collections.Concurrent;
using System.Globalization;
using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Wire;

/// <summary>Does a request and gives its events to <paramref name="send"/>; the final event is sent by the caller.</summary>
internal delegate Task GenerationHandler(GenerateCommand command, Func<GenerateEvent, ValueTask> send, CancellationToken cancellation);

/// <summary>The answering end of a connection: starts a task for each request, and cancels them all when the asker is gone.</summary>
/// <param name="stream">Takes the answers.</param>
/// <param name="handler">Does a request. It begins on the thread that read the line, and must not hold that up.</param>
/// <param name="inFlight">Counts requests under way.</param>
/// <param name="inPlace">As of <see cref="LineWriter"/>.</param>
internal sealed class GenerationServer(
    Stream stream, GenerationHandler handler, InFlight? inFlight = null, bool inPlace = false) : IDisposable
{
    private readonly ConcurrentDictionary<long, CancellationTokenSource> _running = new();
    private readonly LineWriter _writer = new(stream, inPlace);

    public ValueTask SendAsync(string line, CancellationToken cancellation) => _writer.WriteAsync(line, cancellation);

    /// <summary>Takes a line that came in. Returns false where it is none of a request's.</summary>
    public bool OnLine(string line)
    {
        switch (WorkerNotice.VerbOf(line))
        {
            case GenerateCommand.Verb:
                var command = GenerateCommand.Parse(line);
                var cancel = new CancellationTokenSource();
                _running[command.Id] = cancel;
                inFlight?.Begin();
                _ = RunAsync(command, cancel);
                return true;
            case WorkerNotice.Cancel:
                if (
                    long.TryParse(WorkerNotice.RestOf(line), CultureInfo.InvariantCulture, out var id)
                    && _running.TryGetValue(id, out var running)
                )
                {
                    running.Cancel();
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>The asker is gone.</summary>
    public void OnClosed()
    {
        foreach (var (_, running) in _running)
        {
            running.Cancel();
        }
    }

    public void Dispose() => _writer.Dispose();

    private async Task RunAsync(GenerateCommand command, CancellationTokenSource cancel)
    {
        try
        {
            if (command.Acknowledge)
            {
                await _writer.WriteAsync(GenerateEvent.Taken(command.Id).ToString(), CancellationToken.None);
            }

            await handler(
                command,
                answer => _writer.WriteAsync((answer with { Id = command.Id }).ToString(), CancellationToken.None),
                cancel.Token
            );
            await _writer.WriteAsync(GenerateEvent.Done(command.Id).ToString(), CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The asker wants no answer any more.
        }
        catch (Exception failure) when (failure is WorkerLostException or GenerationFailedException)
        {
            await TellAsync(GenerateEvent.Failed(command.Id, failure.Message));
        }
        catch (IOException)
        {
            // The asker went while the answer was written; OnClosed follows.
        }
        finally
        {
            // The source is not disposed: OnClosed may be cancelling it at this moment, and without a timer it holds nothing.
            _running.TryRemove(command.Id, out _);
            inFlight?.End();
        }
    }

    private async ValueTask TellAsync(GenerateEvent answer)
    {
        try
        {
            await _writer.WriteAsync(answer.ToString(), CancellationToken.None);
        }
        catch (IOException)
        {
            // As above.
        }
    }
}
