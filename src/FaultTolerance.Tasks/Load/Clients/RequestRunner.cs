using System.Runtime.CompilerServices;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Classification;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Work;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Clients;

/// <summary>Carries out one request at a time, attempt by attempt, and fills its record. Never throws for what the service does.</summary>
internal sealed class RequestRunner(LoadContext load, ClientConnections connections, int client) : IDisposable
{
    private readonly AttemptGuard _guard = new(load.Time, load.Spec.StallTimeout, load.Stop);
    private readonly IRequestBytes _request = load.Work is { } work
        ? new WorkRequest(load.Spec, load.Model, client, work)
        : new ChatRequest(load.Spec, load.Model, client);
    private StreamedAttempt? _stream;

    // A peer that was closing a kept connection breaks it within a round trip of the request; on a busy machine that takes a while. A
    // frontend that dies later than that had the request.
    private static readonly TimeSpan Closing = TimeSpan.FromMilliseconds(100);

    /// <summary>The record of the request under way.</summary>
    public RequestRecord Record { get; } = new();

    /// <summary>Opens the connection that the first request will need; see <see cref="LoadOptions.Preconnect"/>.</summary>
    public async Task PreconnectAsync(long number, CancellationToken cancellation)
    {
        var target = connections.Choose(number);
        if (target.Endpoint is not { } endpoint || load.Spec.Connections == Connections.PerRequest)
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
        _request.Prepare(Record.Number);
        Record.Asked = _request.Asked;
        load.Books.Begin();
        load.Watch?.Sent(load.Time.GetTimestamp());
        for (var left = spec.Attempts; left > 0; left--)
        {
            var target = connections.Choose(Record.Number);
            var attempt = Record.Next(target, load.Time.GetTimestamp());
            attempt.TokensAsked = Record.Asked?.OutputTokens ?? spec.OutputTokens;
            if (Record.Count == 1)
            {
                load.Health.Sent(Record.Intended, attempt.Started);
            }

            load.Sending(client, Record.Number, attempt.Started);

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
        if (Record.Outcome == Outcome.Ok)
        {
            _request.Answered(Record[Record.Count - 1].Result.Written);
        }

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
            connection = connections.Take(target, attempt.Started) ?? await ConnectAsync(attempt, target).ConfigureAwait(false);
            _guard.Attach(connection);
            stage = AttemptStage.Sending;
            await connection.SendAsync(_request.For(target, Record.Number)).ConfigureAwait(false);
            stage = AttemptStage.AwaitingHeaders;
            var head = await connection.ReadHeadAsync().ConfigureAwait(false);
            attempt.FirstByte = load.Time.GetTimestamp();
            attempt.Status = head.Status;
            stage = AttemptStage.Body;
            var whole = load.Spec.Stream && head is { Status: 200, EventStream: true }
                ? await (_stream ??= new(load, _guard, load.Spec.Continuity ? new() : null)).ReadAsync(connection, head, attempt)
                    .ConfigureAwait(false)
                : await BodyAsync(connection, head, attempt).ConfigureAwait(false);
            attempt.Ended = attempt.LastByte;
            _guard.End();
            if (whole && head.KeepAlive && _guard.Reason == AbortReason.None && load.Spec.Connections == Connections.Kept)
            {
                connection.FitUntil = attempt.LastByte + head.FitFor(load.Time);
                connection.HasServed = true;
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
            var kept = connection is { HasServed: true, IsUnanswered: true };
            connection?.Dispose();
            Broke(attempt, stage, e, kept);
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
            await load
                .Options.Background(async () => stream = await load.Transport.ConnectAsync(endpoint, token).ConfigureAwait(false))
                .ConfigureAwait(false);
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
        AnswerTrouble.MustBePlain(head);
        var body = await connection.ReadBodyAsync(head, load.MostBytes).ConfigureAwait(false);
        attempt.LastByte = load.Time.GetTimestamp();
        var answer = AnswerReader.Read(body.Span, attempt.Result);
        attempt.Outcome = OutcomeClassifier.Status(head.Status) ?? OutcomeClassifier.Answer(answer, attempt.TokensAsked);
        attempt.Error = attempt.Outcome switch
        {
            Outcome.Ok => null,
            _ when head.Status == 200 && answer.Error is { } error => ErrorText.Shorten(
                "error in an answer with status 200: " + error.Text
            ),
            Outcome.ShortOutput when answer.Tokens < 0 => $"{answer.Characters} characters for {attempt.TokensAsked} tokens",
            Outcome.ShortOutput => $"{answer.Tokens} of {attempt.TokensAsked} tokens",
            Outcome.Malformed when head.Status == 200 => answer.WellFormed
                ? "the body has no choices[0].message"
                : AnswerTrouble.NoJson(body.Span, head),
            _ => ErrorText.Shorten(AnswerTrouble.Refusal(body.Span, head, answer.Error)),
        };
        return true;
    }

    private void Broke(AttemptRecord attempt, AttemptStage stage, Exception e, bool kept)
    {
        var closing = kept && load.Time.GetElapsedTime(attempt.Started, attempt.Ended) <= Closing;
        attempt.Outcome = OutcomeClassifier.Failure(stage, _guard.Reason, e, closing);
        if (attempt.Outcome == Outcome.ConnectTimeout && load.Transport.IsTunnel)
        {
            // The frontend's own kernel takes connections whatever its process does: who did not answer is the API server or the kubelet.
            attempt.Outcome = Outcome.Transport;
        }

        attempt.Status = 0;
        attempt.Result.Clear();
        attempt.Error = _guard.Reason switch
        {
            AbortReason.Stop => load.Reason,
            AbortReason.Stall => $"no token for {load.Spec.StallTimeout.TotalSeconds} s",
            AbortReason.Deadline when stage == AttemptStage.Connecting => $"no connection within {load.Spec.Timeout.TotalSeconds} s",
            AbortReason.Deadline => $"no answer within {load.Spec.Timeout.TotalSeconds} s",
            _ => ErrorText.Shorten(e.Message),
        };
    }

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
