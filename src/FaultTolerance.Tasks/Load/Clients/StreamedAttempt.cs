using System.Runtime.CompilerServices;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Classification;
using FaultTolerance.Load.Http;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Streaming;

namespace FaultTolerance.Load.Clients;

/// <summary>Reads one streamed answer at a time: its outcome, its tokens' times, and the body that it would have been unstreamed.</summary>
internal sealed class StreamedAttempt(LoadContext load, AttemptGuard guard, StreamPieces? pieces)
{
    private readonly StreamedAnswer _answer = new(pieces);
    private readonly TokenGaps _gaps = new();

    /// <summary>
    /// Reads the stream and fills the record; true when the body was read to its end, so that the connection may be kept.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync(HttpConnection connection, ResponseHead head, AttemptRecord attempt)
    {
        AnswerTrouble.MustBePlain(head);
        var parser = new SseParser();
        var decoder = new BodyDecoder(head);
        _answer.Reset();
        _gaps.Reset();
        attempt.Streamed = true;
        attempt.LastByte = attempt.FirstByte;
        var last = AttemptRecord.Never;
        var bytes = 0L;
        try
        {
            while (true)
            {
                (var part, decoder) = await connection.ReadPartAsync(decoder).ConfigureAwait(false);
                var now = load.Time.GetTimestamp();
                if (part.IsEmpty)
                {
                    parser.End(_answer);
                    break;
                }

                attempt.LastByte = now;
                bytes += part.Length;
                if (bytes > load.MostBytes)
                {
                    throw new HttpFormatException($"the stream is longer than {load.MostBytes} bytes");
                }

                _answer.NewTokens = 0;
                parser.Feed(part.Span, _answer);
                if (_answer.NewTokens > 0)
                {
                    last = Tokens(attempt, _answer.NewTokens, last, now);
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException && IsDecided(parser))
        {
            // The end marker was there, or an error was told: whatever the connection does after it, that stays. It is only not kept.
        }
        finally
        {
            attempt.Tokens = (int)Math.Min(int.MaxValue, _answer.Facts.Tokens);
            attempt.Events = (int)Math.Min(int.MaxValue, _answer.Facts.Events);
            attempt.InterTokenMax = _gaps.Max;
            attempt.InterTokenP50 = _gaps.Median();
            _gaps.WriteTo(attempt.Gaps);
            pieces?.WriteTo(attempt.Pieces);
            attempt.PiecesCut = pieces is { IsCut: true };
        }

        var facts = _answer.Facts;
        attempt.Outcome = OutcomeClassifier.Stream(facts, attempt.TokensAsked);
        switch (attempt.Outcome)
        {
            case Outcome.Ok:
                _answer.WriteTo(attempt.Result);
                break;
            case Outcome.ShortOutput:
                _answer.WriteTo(attempt.Result);
                attempt.Error = facts.Tokens < 0 ? "no output" : $"{facts.Tokens} of {attempt.TokensAsked} tokens";
                break;
            default:
                // Unstreamed, an answer that broke has no body; the reference suite's parser must not find one.
                attempt.Error = ErrorText.Shorten(_answer.Problem) ?? "the stream ended without its end marker";
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
            var gap = load.Time.GetElapsedTime(last, now).TotalSeconds;
            if (!(gap <= _gaps.Max))
            {
                attempt.PauseAfter = (int)Math.Min(int.MaxValue, _answer.Facts.Events - count);
            }

            _gaps.Add(gap);
            count--;
        }

        for (; count > 0; count--)
        {
            _gaps.Add(0);
        }

        guard.Token(now);
        return now;
    }

    private bool IsDecided(SseParser parser)
    {
        parser.End(_answer);
        return _answer.Finished || _answer.Failed;
    }
}
