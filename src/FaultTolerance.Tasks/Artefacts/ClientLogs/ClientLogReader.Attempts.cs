using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>The objects of <c>results</c>.</summary>
internal sealed partial class ClientLogReader
{
    private ref AttemptKeys Another()
    {
        _attempts.Add(new AttemptKeys { ContentLength = -1 });
        return ref CollectionsMarshal.AsSpan(_attempts)[^1];
    }

    private void OneAttempt(ref Utf8JsonReader reader, ref AttemptKeys keys)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            AttemptKey(ref reader, ref keys);
        }

        keys.Text = Keep(keys);
    }

    // Written once, into its place: a copy of so many texts and numbers costs as much as reading some of them.
    private static void Keep(in AttemptKeys keys, in RequestKeys request, int index, bool isLast, ClientLog log)
    {
        var success = keys.ContentLength >= LegacyOutcome.RequiredCharacters;
        log.Attempts.Next() = new Attempt
        {
            Client = log.Client,
            Request = request.Number,
            Index = index,
            IsLast = isLast,
            Intended = request.Intended,
            RequestEnd = request.End,
            OutputAsked = request.OutputAsked,
            Sent = keys.Sent,
            Connected = keys.Connected,
            FirstByte = keys.FirstByte,
            LastByte = keys.LastByte,
            FirstToken = keys.FirstToken,
            ElapsedNanoseconds = keys.Elapsed,
            Status = keys.Status,
            Outcome = keys.Outcome ?? LegacyOutcome.Of(keys.Status, keys.Error, success, keys.ContentLength),
            LegacySuccess = success,
            ContentLength = keys.ContentLength,
            Tokens = keys.Tokens,
            IsCounted = keys.IsCounted,
            TokensAsked = keys.TokensAsked,
            InterTokenMax = keys.InterTokenMax,
            InterTokenMedian = keys.InterTokenMedian,
            Gaps = keys.Gaps,
            Text = keys.Text,
            Url = keys.Url,
            Pod = keys.Pod,
            Error = keys.Error,
        };
    }

    private void AttemptKey(ref Utf8JsonReader reader, ref AttemptKeys keys)
    {
        if (reader.ValueTextEquals("status"u8))
        {
            reader.Read();
            keys.Status = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var status) ? status : 0;
            keys.Error ??= reader.TokenType == JsonTokenType.String ? Value(ref reader, _errors) : null;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("result"u8))
        {
            reader.Read();
            keys.ContentLength = AnswerLength.Read(ref reader);
        }
        else if (reader.ValueTextEquals("request_elapsed_time"u8))
        {
            keys.Elapsed = (long)Math.Round(Number(ref reader, "request_elapsed_time") * 1e9);
        }
        else if (reader.ValueTextEquals("url"u8))
        {
            keys.Url = Text(ref reader, _urls);
        }
        else if (reader.ValueTextEquals("pod"u8))
        {
            keys.Pod = Text(ref reader, _pods);
        }
        else if (reader.ValueTextEquals("sent"u8))
        {
            keys.Sent = Stamp(ref reader, "sent");
        }
        else if (reader.ValueTextEquals("connected"u8))
        {
            keys.Connected = Stamp(ref reader, "connected");
        }
        else if (reader.ValueTextEquals("firstByte"u8))
        {
            keys.FirstByte = Stamp(ref reader, "firstByte");
        }
        else if (reader.ValueTextEquals("lastByte"u8))
        {
            keys.LastByte = Stamp(ref reader, "lastByte");
        }
        else if (reader.ValueTextEquals("outcome"u8))
        {
            keys.Outcome = OutcomeOf(ref reader);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            keys.Error = Text(ref reader, _errors);
        }
        else
        {
            StreamKey(ref reader, ref keys);
        }
    }

    private void StreamKey(ref Utf8JsonReader reader, ref AttemptKeys keys)
    {
        if (reader.ValueTextEquals("firstToken"u8))
        {
            keys.FirstToken = Stamp(ref reader, "firstToken");
        }
        else if (reader.ValueTextEquals("tokens"u8))
        {
            keys.Tokens = Integer(ref reader, "tokens");
            keys.IsCounted = true;
        }
        else if (reader.ValueTextEquals("events"u8))
        {
            keys.Tokens = Integer(ref reader, "events");
        }
        else if (reader.ValueTextEquals("tokensAsked"u8))
        {
            keys.TokensAsked = Integer(ref reader, "tokensAsked");
        }
        else if (reader.ValueTextEquals("interTokenMax"u8))
        {
            keys.InterTokenMax = (float)Number(ref reader, "interTokenMax");
        }
        else if (reader.ValueTextEquals("interTokenP50"u8))
        {
            keys.InterTokenMedian = (float)Number(ref reader, "interTokenP50");
        }
        else if (reader.ValueTextEquals("gaps"u8))
        {
            keys.Gaps = Gaps(ref reader);
        }
        else if (reader.ValueTextEquals("pieces"u8))
        {
            keys.Pieces = Pieces(ref reader);
        }
        else if (reader.ValueTextEquals("pauseAfter"u8))
        {
            keys.PauseAfter = Integer(ref reader, "pauseAfter");
        }
        else if (reader.ValueTextEquals("piecesCut"u8))
        {
            reader.Read();
            keys.PiecesCut = reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    // The place of the attempt's text among its client's.
    private int Keep(in AttemptKeys keys)
    {
        if (keys.Pieces.IsDefaultOrEmpty)
        {
            return 0;
        }

        _texts.Add(new(keys.Pieces, keys.PauseAfter, keys.PiecesCut));
        return _texts.Count;
    }

    private ImmutableArray<string> Pieces(ref Utf8JsonReader reader)
    {
        reader.Read();
        Require(reader.TokenType == JsonTokenType.StartArray, "pieces", "is no list");
        var pieces = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(reader.TokenType == JsonTokenType.String, "pieces", "holds what is no text");
            pieces.Add(Piece(ref reader));
        }

        return pieces.DrainToImmutable();
    }

    // A character of two escapes may lie in two pieces: each half stays as it is written.
    private string Piece(ref Utf8JsonReader reader)
    {
        try
        {
            return Value(ref reader, _pieces);
        }
        catch (InvalidOperationException)
        {
            return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    // Lengths in seconds, each with its count.
    private int Gaps(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }

        var place = _gaps.Begin();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var (length, count) = (-1d, -1);
            var isLength = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out length) && length is >= 0 and <= 31_536_000;
            Require(isLength, "gaps", "holds no number of seconds");
            var isCount = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out count) && count > 0;
            Require(isCount, "gaps", "holds no count");
            _gaps.Add(place, (long)Math.Round(length * 1e9), count);
        }

        return place;
    }

    private struct AttemptKeys
    {
        public long Sent;
        public long Connected;
        public long FirstByte;
        public long LastByte;
        public long FirstToken;
        public long Elapsed;
        public int Status;
        public int ContentLength;
        public int Tokens;
        public bool IsCounted;
        public int TokensAsked;
        public float InterTokenMax;
        public float InterTokenMedian;
        public int Gaps;
        public int Text;
        public ImmutableArray<string> Pieces;
        public int PauseAfter;
        public bool PiecesCut;
        public Outcome? Outcome;
        public string? Url;
        public string? Pod;
        public string? Error;
    }
}
