using System.Runtime.InteropServices;
using System.Text.Json;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>
/// Reads <c>client_{n}.log.txt</c>, the reference suite's or ours, in one pass without an object per line. A line that cannot be read
/// is left out and named.
/// </summary>
internal sealed partial class ClientLogReader(TimeSpan naiveOffset)
{
    // One each, so that each meets the same text again and again.
    private readonly StringPool _urls = new();
    private readonly StringPool _pods = new();
    private readonly StringPool _errors = new();
    private readonly StringPool _pieces = new();
    private IsoDay _day;
    private readonly List<AttemptKeys> _attempts = [];
    private GapStore _gaps = new();
    private List<StreamText> _texts = [];

    /// <summary>Reads a client's log.</summary>
    public ClientLog Read(string path, int client)
    {
        var log = new ClientLog(path, client);
        _gaps = log.Attempts.Gaps;
        _texts = log.Attempts.Texts;
        try
        {
            using var lines = new LineReader(path);
            while (lines.TryRead(out var line))
            {
                if (lines.TooLong)
                {
                    log.Findings.BrokenLine(lines.Number, $"longer than {LineReader.MaxLine >> 20} MiB");
                }
                else if (!line.Trim(" \t"u8).IsEmpty && Line(line, log, out var why) is false)
                {
                    log.Findings.BrokenLine(lines.Number, lines.Unterminated ? $"cut off ({why})" : why);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Findings.Add(ParseCodes.Unreadable, Severity.Error, $"cannot be read: {error.Message}");
        }

        return log;
    }

    /// <summary>Reads whole lines of a client's log that are in memory.</summary>
    public ClientLog ReadLines(ReadOnlySpan<byte> lines, int client)
    {
        var log = new ClientLog("", client);
        _gaps = log.Attempts.Gaps;
        _texts = log.Attempts.Texts;
        var number = 0;
        foreach (var range in lines.Split((byte)'\n'))
        {
            number++;
            if (!lines[range].Trim(" \t\r"u8).IsEmpty && !Line(lines[range], log, out var why))
            {
                log.Findings.BrokenLine(number, why);
            }
        }

        return log;
    }

    // Python writes a little more than JSON; the few lines that have it are read once more.
    private bool Line(ReadOnlySpan<byte> line, ClientLog log, out string why) =>
        Json(line, log, out why) || (PythonTexts.ToJson(line) is { } json && Json(json, log, out why));

    private bool Json(ReadOnlySpan<byte> line, ClientLog log, out string why)
    {
        _attempts.Clear();
        var request = new RequestKeys { Number = log.Sent + log.Unsent.Count };
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                why = "not a JSON object";
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                RequestKey(ref reader, ref request);
            }

            // Finds text after the object.
            reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            why = error is JsonException ? "not valid JSON" : error.Message;
            return false;
        }

        why = request.End == 0 ? "no 'time'" : !request.HasResults ? "no 'results'" : "";
        if (why.Length > 0)
        {
            return false;
        }

        Keep(request, log);
        return true;
    }

    private void Keep(in RequestKeys request, ClientLog log)
    {
        if (_attempts.Count == 0)
        {
            log.Unsent.Add(
                new UnsentRequest(
                    log.Client,
                    request.Number,
                    request.Intended,
                    request.End,
                    request.Outcome ?? Outcome.NotSent,
                    request.Reason
                )
            );
            return;
        }

        log.Sent++;
        var attempts = CollectionsMarshal.AsSpan(_attempts);
        for (var i = 0; i < attempts.Length; i++)
        {
            Keep(attempts[i], request, i, i == attempts.Length - 1, log);
        }
    }

    private void RequestKey(ref Utf8JsonReader reader, ref RequestKeys request)
    {
        if (reader.ValueTextEquals("time"u8))
        {
            request.End = Stamp(ref reader, "time");
        }
        else if (reader.ValueTextEquals("results"u8))
        {
            reader.Read();
            Require(reader.TokenType == JsonTokenType.StartArray, "results", "is no list");
            request.HasResults = true;
            _attempts.Clear();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Require(reader.TokenType == JsonTokenType.StartObject, "results", "holds what is no object");
                OneAttempt(ref reader, ref Another());
            }
        }
        else if (reader.ValueTextEquals("request"u8))
        {
            request.Number = Integer(ref reader, "request");
        }
        else if (reader.ValueTextEquals("intended"u8))
        {
            request.Intended = Stamp(ref reader, "intended");
        }
        else if (reader.ValueTextEquals("outcome"u8))
        {
            request.Outcome = OutcomeOf(ref reader);
        }
        else if (reader.ValueTextEquals("asked"u8))
        {
            request.OutputAsked = Asked(ref reader);
        }
        else if (reader.ValueTextEquals("reason"u8))
        {
            request.Reason = Text(ref reader, _errors);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    // Of what a request asks, the results need its length alone.
    private static int Asked(ref Utf8JsonReader reader)
    {
        var tokens = 0;
        reader.Read();
        Require(reader.TokenType == JsonTokenType.StartObject, "asked", "is no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("outputTokens"u8))
            {
                tokens = Integer(ref reader, "outputTokens");
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return tokens;
    }

    private struct RequestKeys
    {
        public long End;
        public long Intended;
        public int Number;
        public int OutputAsked;
        public bool HasResults;
        public Outcome? Outcome;
        public string? Reason;
    }
}
