using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FaultTolerance.StandIn.Wire;

/// <summary>The asking end of a connection: many requests at once over one stream, and the end of the stream ends them all.</summary>
internal sealed class GenerationClient(Stream stream) : IDisposable
{
    private readonly ConcurrentDictionary<long, Channel<GenerateEvent>> _open = new();
    private readonly LineWriter _writer = new(stream);
    private long _lastId;
    private volatile bool _closed;

    /// <summary>Requests sent and not yet answered.</summary>
    public int InFlight => _open.Count;

    /// <summary>Whether the connection has ended.</summary>
    public bool IsClosed => _closed;

    /// <summary>Sends a line that is not a request.</summary>
    public ValueTask SendAsync(string line, CancellationToken cancellation) => _writer.WriteAsync(line, cancellation);

    /// <summary>Takes a line that came in. Returns false where it is not an answer to a request.</summary>
    public bool OnLine(string line)
    {
        if (GenerateEvent.TryParse(line) is not { } answer)
        {
            return false;
        }

        if (_open.TryGetValue(answer.Id, out var channel))
        {
            channel.Writer.TryWrite(answer);
        }

        return true;
    }

    /// <summary>The stream has ended: whatever is in flight fails.</summary>
    public void OnClosed()
    {
        _closed = true;
        foreach (var (_, channel) in _open)
        {
            channel.Writer.TryComplete();
        }
    }

    /// <summary>
    /// Sends the request and gives its tokens as they come, and before them, where it is asked for, the word that it was taken. Throws
    /// <see cref="WorkerLostException"/> where the connection is gone or
    /// goes, with whether anything had been sent, and <see cref="GenerationFailedException"/> where the other side says that it failed.
    /// Cancelling tells the other side.
    /// </summary>
    public async IAsyncEnumerable<GenerateEvent> GenerateAsync(
        GenerateCommand command,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var id = Interlocked.Increment(ref _lastId);
        // Who waits goes on where the line came in, as in InlineSockets.
        var channel = Channel.CreateUnbounded<GenerateEvent>(new() { SingleReader = true, AllowSynchronousContinuations = true });
        _open[id] = channel;
        var finished = false;
        try
        {
            await SendRequestAsync(command with { Id = id }, cancellation);
            await foreach (var answer in channel.Reader.ReadAllAsync(cancellation))
            {
                switch (answer.Kind)
                {
                    case GenerateEventKind.Taken or GenerateEventKind.Tokens:
                        yield return answer;
                        break;
                    case GenerateEventKind.Done:
                        finished = true;
                        yield break;
                    default:
                        finished = true;
                        throw new GenerationFailedException(answer.Message);
                }
            }

            throw new WorkerLostException("the connection was lost with the request in flight", sent: true);
        }
        finally
        {
            _open.TryRemove(id, out _);
            if (!finished && !_closed)
            {
                await CancelAsync(id);
            }
        }
    }

    public void Dispose() => _writer.Dispose();

    private async ValueTask SendRequestAsync(GenerateCommand command, CancellationToken cancellation)
    {
        if (_closed)
        {
            throw new WorkerLostException("the connection is closed", sent: false);
        }

        try
        {
            await _writer.WriteAsync(command.ToString(), cancellation);
        }
        catch (IOException lost)
        {
            throw new WorkerLostException(lost.Message, sent: false);
        }
    }

    private async ValueTask CancelAsync(long id)
    {
        try
        {
            await _writer.WriteAsync($"{WorkerNotice.Cancel} {id}", CancellationToken.None);
        }
        catch (IOException)
        {
            // Gone meanwhile: there is nothing left to cancel.
        }
    }
}
