using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Classification;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Streaming;

namespace FaultTolerance.Load.Clients;

/// <summary>Carries out one request at a time, attempt by attempt, and fills its record. Never throws for what the service does.</summary>
internal sealed class RequestRunner(LoadContext load, ClientConnections connections, int client) : IDisposable
{
    private readonly AttemptGuard _guard = new(load.Time, load.Spec.StallTimeout, load.Stop);
    private readonly ChatRequest _request = new(load.Spec, load.Model, client);
    private readonly StreamedAnswer? _stream = load.Spec.Stream ? new() : null;
    private readonly TokenGaps _gaps = new();

    /// <summary>The record of the request under way.</summary>
    public RequestRecord Record { get; } = new();

    /// <summary>Opens the connection that the first request will need; see <see cref="LoadOptions.Preconnect"/>.</summary>
    public async Task PreconnectAsync(long number, CancellationToken cancellation)
    {
        var target = connections.Choose(number);
        if (target.Endpoint is not { } endpoint)
        {
            return;
        }

        try
        {
            var stream = await load.Transport.ConnectAsync(endpoint, cancellation).ConfigureAwait(false);
            connections.Keep(new HttpConnection(stream, target));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The attempt that needs the connection meets the same trouble, and records it.
        }
    }

    /// <summary>Carries out the request that <see cref="Record"/> was reset to.</summary>
    /// <param name="delayAfterLast">Wait the retry delay after the last attempt too, as the reference suite does.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask RunAsync(bool delayAfterLast)
    {
        var spec = load.Spec;
        load.Books.Begin();
        for (var left = spec.Attempts; left > 0; left--)
        {
            var target = connections.Choose(Record.Number);
            var attempt = Record.Next(target, load.Time.GetTimestamp());
            if (Record.Count == 1)
            {
                load.Health.Sent(Record.Intended, attempt.Started);
                load.Sending(attempt.Started);
            }

            await AttemptAsync(attempt, target).ConfigureAwait(false);
            load.Books.Attempt(attempt.Outcome);

            // The reference suite takes any 200 for a success here; what the body is worth is judged afterwards.
            if (attempt.Status == 200 || attempt.Outcome == Outcome.Cancelled)
            {
                break;
            }

            if ((left > 1 || delayAfterLast) && !await DelayAsync(spec.RetryDelay).ConfigureAwait(false))
            {
                break;
            }
        }

        Record.Outcome = Record[Record.Count - 1].Outcome;
        Record.Ended = load.Time.GetTimestamp();
        load.Books.End(Record.Outcome);
        load.Record(client, Record);
    }

    /// <inheritdoc/>
    public void Dispose() => _guard.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AttemptAsync(AttemptRecord attempt, FrontendTarget target)
    {
        var stage = AttemptStage.Connecting;
        HttpConnection? connection = null;
        _guard.Begin(attempt.Started, load.Spec.Timeout);
        try
        {
            connection = connections.Take(target) ?? await ConnectAsync(attempt, target).ConfigureAwait(false);
            _guard.Attach(connection);
            stage = AttemptStage.Sending;
            await connection.SendAsync(_request.For(target, Record.Number)).ConfigureAwait(false);
            stage = AttemptStage.AwaitingHeaders;
            var head = await connection.ReadHeadAsync().ConfigureAwait(false);
            attempt.FirstByte = load.Time.GetTimestamp();
            attempt.Status = head.Status;
            stage = AttemptStage.Body;
            var whole = _stream is not null && head is { Status: 200, EventStream: true }
                ? await StreamAsync(connection, head, attempt).ConfigureAwait(false)
                : await BodyAsync(connection, head, attempt).ConfigureAwait(false);
            attempt.Ended = attempt.LastByte;
            _guard.End();
            if (whole && head.KeepAlive && _guard.Reason == AbortReason.None)
            {
                connections.Keep(connection);
            }
            else
            {
                connection.Dispose();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            attempt.Ended = load.Time.GetTimestamp();
            _guard.End();
            connection?.Dispose();
            Broke(attempt, stage, e);
        }
    }

    private async ValueTask<HttpConnection> ConnectAsync(AttemptRecord attempt, FrontendTarget target)
    {
        if (target.Endpoint is not { } endpoint)
        {
            throw new TransportException(Outcome.Refused, "connection error: no ready frontend");
        }

        var token = _guard.Connecting();
        // In the open loop this runs on the plan's thread, which has no time for the work of a handshake.
        Stream? stream = null;
        if (load.Spec.Mode == LoadMode.Open)
        {
            await load.Options.Background(async () => stream = await load.Transport.ConnectAsync(endpoint, token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        else
        {
            stream = await load.Transport.ConnectAsync(endpoint, token).ConfigureAwait(false);
        }

        attempt.Connected = load.Time.GetTimestamp();
        return new(stream!, target);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> BodyAsync(HttpConnection connection, ResponseHead head, AttemptRecord attempt)
    {
        var body = await connection.ReadBodyAsync(head, load.Options.MaxBodyBytes).ConfigureAwait(false);
        attempt.LastByte = load.Time.GetTimestamp();
        var answer = AnswerReader.Read(body.Span, attempt.Result);
        attempt.Outcome = OutcomeClassifier.Status(head.Status) ?? OutcomeClassifier.Answer(answer, load.Spec.OutputTokens);
        attempt.Error = attempt.Outcome switch
        {
            Outcome.Ok => null,
            Outcome.ShortOutput => $"{answer.Tokens} of {load.Spec.OutputTokens} tokens",
            Outcome.Malformed when head.Status == 200 => answer.WellFormed ? "the body has no choices[0].message" : "the body is not JSON",
            _ => $"HTTP {head.Status}",
        };
        return true;
    }

    private async ValueTask<bool> StreamAsync(HttpConnection connection, ResponseHead head, AttemptRecord attempt)
    {
        var answer = _stream!;
        var parser = new SseParser();
        var decoder = new BodyDecoder(head);
        answer.Reset();
        _gaps.Reset();
        attempt.Streamed = true;
        attempt.TokensAsked = load.Spec.OutputTokens;
        attempt.LastByte = attempt.FirstByte;
        var last = AttemptRecord.Never;
        try
        {
            while (true)
            {
                (var part, decoder) = await connection.ReadPartAsync(decoder).ConfigureAwait(false);
                var now = load.Time.GetTimestamp();
                if (part.IsEmpty)
                {
                    break;
                }

                attempt.LastByte = now;
                answer.NewTokens = 0;
                parser.Feed(part.Span, answer);
                if (answer.NewTokens > 0)
                {
                    last = Tokens(attempt, answer.NewTokens, last, now);
                }
            }
        }
        catch (Exception e) when (answer.Finished && e is not OutOfMemoryException)
        {
            // The end marker was there: the answer is whole, whatever the connection does after it. It is only not kept.
        }
        finally
        {
            attempt.Tokens = (int)Math.Min(int.MaxValue, answer.Tokens);
            attempt.InterTokenMax = _gaps.Max;
            attempt.InterTokenP50 = _gaps.Median();
        }

        var facts = answer.Facts;
        attempt.Outcome = OutcomeClassifier.Stream(facts, load.Spec.OutputTokens);
        switch (attempt.Outcome)
        {
            case Outcome.Ok:
                answer.WriteTo(attempt.Result);
                break;
            case Outcome.ShortOutput:
                answer.WriteTo(attempt.Result);
                attempt.Error = $"{facts.Tokens} of {load.Spec.OutputTokens} tokens";
                break;
            default:
                // Unstreamed, an answer that broke has no body; the reference suite's parser must not find one.
                attempt.Error = Shorten(answer.Problem) ?? "the stream ended without its end marker";
                attempt.Status = 0;
                break;
        }

        return decoder.Done;
    }

    private long Tokens(AttemptRecord attempt, int count, long last, long now)
    {
        if (last == AttemptRecord.Never)
        {
            attempt.FirstToken = now;
            count--;
        }
        else
        {
            _gaps.Add(load.Time.GetElapsedTime(last, now).TotalSeconds);
            count--;
        }

        for (; count > 0; count--)
        {
            _gaps.Add(0);
        }

        _guard.Token(now);
        return now;
    }

    private void Broke(AttemptRecord attempt, AttemptStage stage, Exception e)
    {
        attempt.Outcome = OutcomeClassifier.Failure(stage, _guard.Reason, e);
        attempt.Status = 0;
        attempt.Result.Clear();
        attempt.Error = _guard.Reason switch
        {
            AbortReason.Stop => load.Reason,
            AbortReason.Stall => $"no token for {load.Spec.StallTimeout.TotalSeconds} s",
            AbortReason.Deadline => $"no answer within {load.Spec.Timeout.TotalSeconds} s",
            _ => Shorten(e.Message),
        };
    }

    // Services put whole pages into their errors; a log line needs their beginning.
    [return: NotNullIfNotNull(nameof(text))]
    private static string? Shorten(string? text) => text is { Length: > 500 } ? text[..500] : text;

    private async ValueTask<bool> DelayAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, load.Time, load.Stop).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
