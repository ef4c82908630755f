using System.Text;
using System.Text.Json;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Classification;

namespace FaultTolerance.Load.Streaming;

/// <summary>
/// Puts the chunks of a streamed chat completion together: tokens, their gaps, and the body that the same answer would have had
/// unstreamed, without its tool calls. Strings are joined as they were escaped; nothing is decoded.
/// </summary>
/// <param name="pieces">Takes the text of each event; null where nobody asks for it.</param>
internal sealed class StreamedAnswer(StreamPieces? pieces = null) : ISseHandler
{
    private const string NotJson = "an event of the stream is not JSON";
    private readonly ByteBuffer _content = new();
    private readonly ByteBuffer _reasoning = new();
    private readonly ByteBuffer _frame = new();
    private readonly ByteBuffer _usage = new();
    private readonly ByteBuffer _finish = new();
    private int _events;
    private long _counted;
    private ToldError? _error;
    private string? _malformed;

    /// <summary>The end marker came.</summary>
    public bool Finished { get; private set; }

    /// <summary>Events with content since the caller last set it to 0.</summary>
    public int NewTokens { get; set; }

    /// <summary>The service told an error: nothing that comes after it makes the answer whole.</summary>
    public bool Failed => _error is not null;

    /// <summary>What went wrong inside the stream, or null.</summary>
    public string? Problem => _error is { } error ? "error in the stream: " + error.Text : _malformed;

    /// <summary>The stream's facts so far.</summary>
    public StreamFacts Facts => new(_malformed is null, Finished, _counted, _events, _error);

    /// <summary>Makes it ready for another stream.</summary>
    public void Reset()
    {
        _content.Clear();
        _reasoning.Clear();
        _frame.Clear();
        _usage.Clear();
        _finish.Clear();
        pieces?.Reset();
        (_events, _counted, _error, _malformed) = (0, -1, null, null);
        Finished = false;
        NewTokens = 0;
    }

    /// <inheritdoc/>
    public void OnEvent(ReadOnlySpan<byte> data)
    {
        if (SseParser.IsEnd(data))
        {
            Finished = true;
            return;
        }

        try
        {
            var json = new Utf8JsonReader(data);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject || !Chunk(ref json, out var tells))
            {
                _malformed ??= NotJson;
            }
            else if (tells)
            {
                Tell(data);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            _malformed ??= NotJson;
        }
    }

    /// <inheritdoc/>
    public void OnError(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            _error ??= new(0, "an event 'error' that says nothing");
        }
        else if (!Tell(data))
        {
            _error ??= new(0, Encoding.UTF8.GetString(data));
        }
    }

    /// <inheritdoc/>
    public void OnBare(ReadOnlySpan<byte> line)
    {
        if (!Tell(line))
        {
            _malformed ??= "a line of the stream is neither an event nor whole JSON";
        }
    }

    /// <inheritdoc/>
    public void OnCut(ReadOnlySpan<byte> data)
    {
        if (data.IndexOf("\"error\""u8) >= 0)
        {
            Tell(data);
        }
    }

    /// <summary>Writes the unstreamed body.</summary>
    public void WriteTo(ByteBuffer to)
    {
        to.Append((byte)'{');
        to.Append(_frame.Written);
        to.Append("\"object\": \"chat.completion\", \"choices\": [{\"index\": 0, \"message\": {\"role\": \"assistant\", \"content\": \""u8);
        to.Append(_content.Written);
        if (_reasoning.Length > 0)
        {
            to.Append("\", \"reasoning_content\": \""u8);
            to.Append(_reasoning.Written);
        }

        to.Append("\"}, \"finish_reason\": "u8);
        to.Append(_finish.Length > 0 ? _finish.Written : "null"u8);
        to.Append("}]"u8);
        if (_usage.Length > 0)
        {
            to.Append(", \"usage\": "u8);
            to.Append(_usage.Written);
        }

        to.Append((byte)'}');
    }

    // The first error that is told stays; false: it is not JSON.
    private bool Tell(ReadOnlySpan<byte> data)
    {
        try
        {
            var json = new Utf8JsonReader(data);
            using var value = JsonDocument.ParseValue(ref json);
            _error ??= ToldError.Of(value.RootElement);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // False: not one whole object. Tells: it is an error, in whichever shape.
    private bool Chunk(ref Utf8JsonReader json, out bool tells)
    {
        var firstChunk = _frame.Length == 0;
        var (isAnswer, says) = (false, false);
        tells = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("choices"u8))
            {
                isAnswer = true;
                json.Read();
                Choices(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                isAnswer = true;
                json.Read();
                Usage(ref json);
            }
            else if (json.ValueTextEquals("error"u8))
            {
                json.Read();
                tells |= json.TokenType != JsonTokenType.Null;
                json.Skip();
            }
            else if (json.ValueTextEquals("object"u8))
            {
                json.Read();
                tells |= json.TokenType == JsonTokenType.String && json.ValueTextEquals("error"u8);
                json.Skip();
            }
            else if (firstChunk && (json.ValueTextEquals("id"u8) || json.ValueTextEquals("created"u8) || json.ValueTextEquals("model"u8)))
            {
                PythonJson.Token(_frame, ref json, JsonTokenType.None);
                json.Read();
                Copy(ref json, _frame);
                _frame.Append(", "u8);
            }
            else
            {
                says |= json.ValueTextEquals("message"u8) || json.ValueTextEquals("code"u8) || json.ValueTextEquals("detail"u8);
                json.Read();
                json.Skip();
            }
        }

        tells |= says && !isAnswer;
        return json.TokenType == JsonTokenType.EndObject && !json.Read();
    }

    private void Choices(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        for (var choice = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; choice++)
        {
            if (choice > 0 || json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("delta"u8))
                {
                    json.Read();
                    Delta(ref json);
                }
                else if (json.ValueTextEquals("text"u8))
                {
                    json.Read();
                    Text(ref json);
                }
                else if (json.ValueTextEquals("finish_reason"u8))
                {
                    json.Read();
                    if (json.TokenType == JsonTokenType.String)
                    {
                        _finish.Clear();
                        Copy(ref json, _finish);
                    }
                }
                else
                {
                    json.Read();
                    json.Skip();
                }
            }
        }
    }

    // Of plain completions, whose choices have no delta.
    private void Text(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String && json.ValueSpan.Length > 0)
        {
            PythonJson.Escaped(_content, json.ValueSpan);
            pieces?.Add(json.ValueSpan);
            pieces?.EndEvent();
            _events++;
            NewTokens++;
        }

        json.Skip();
    }

    private void Delta(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        var (spoke, reasoned) = (false, false);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isReasoning = json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8);
            var isCall = json.ValueTextEquals("tool_calls"u8);
            // Between two versions some services say the same under both names.
            var to = json.ValueTextEquals("content"u8) ? _content : isReasoning && !reasoned ? _reasoning : null;
            json.Read();
            if (to is not null && json.TokenType == JsonTokenType.String)
            {
                reasoned |= isReasoning;
                spoke |= json.ValueSpan.Length > 0;
                PythonJson.Escaped(to, json.ValueSpan);
                pieces?.Add(json.ValueSpan);
            }
            else
            {
                spoke |= isCall && json.TokenType == JsonTokenType.StartArray;
                json.Skip();
            }
        }

        if (spoke)
        {
            pieces?.EndEvent();
            _events++;
            NewTokens++;
        }
    }

    private void Usage(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        var ahead = json;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var counts = ahead.ValueTextEquals("completion_tokens"u8);
            ahead.Read();
            if (counts && ahead.TokenType == JsonTokenType.Number && ahead.TryGetInt64(out var said))
            {
                _counted = said;
            }

            ahead.Skip();
        }

        _usage.Clear();
        Copy(ref json, _usage);
    }

    private static void Copy(ref Utf8JsonReader json, ByteBuffer to)
    {
        var previous = JsonTokenType.None;
        var depth = json.CurrentDepth;
        do
        {
            PythonJson.Token(to, ref json, previous);
            previous = json.TokenType;
        }
        while ((json.CurrentDepth > depth || json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && json.Read());
    }
}
