using System.Text.Json;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Classification;

namespace FaultTolerance.Load.Streaming;

/// <summary>
/// Puts the chunks of a streamed chat completion together: tokens, their gaps, and the body that the same answer would have had
/// unstreamed. Strings are joined as they were escaped; nothing is decoded.
/// </summary>
internal sealed class StreamedAnswer : ISseHandler
{
    private readonly ByteBuffer _content = new();
    private readonly ByteBuffer _reasoning = new();
    private readonly ByteBuffer _frame = new();
    private readonly ByteBuffer _usage = new();
    private readonly ByteBuffer _finish = new();
    private int _events;
    private long _counted;
    private int? _error;
    private string? _errorText;
    private bool _malformed;

    /// <summary>The end marker came.</summary>
    public bool Finished { get; private set; }

    /// <summary>Events with content since the caller last set it to 0.</summary>
    public int NewTokens { get; set; }

    /// <summary>What went wrong inside the stream, or null.</summary>
    public string? Problem => _malformed ? "an event of the stream is not JSON" : _errorText;

    /// <summary>The stream's facts so far.</summary>
    public StreamFacts Facts => new(!_malformed, Finished, Tokens, _error);

    /// <summary>Tokens, as the service counts them, or else events with content.</summary>
    public long Tokens => _counted >= 0 ? _counted : _events;

    /// <summary>Makes it ready for another stream.</summary>
    public void Reset()
    {
        _content.Clear();
        _reasoning.Clear();
        _frame.Clear();
        _usage.Clear();
        _finish.Clear();
        (_events, _counted, _error, _errorText, _malformed) = (0, -1, null, null, false);
        Finished = false;
        NewTokens = 0;
    }

    /// <inheritdoc/>
    public void OnEvent(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            Finished = true;
            return;
        }

        try
        {
            var json = new Utf8JsonReader(data);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                _malformed = true;
                return;
            }

            Chunk(ref json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            _malformed = true;
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

    private void Chunk(ref Utf8JsonReader json)
    {
        var firstChunk = _frame.Length == 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("choices"u8))
            {
                json.Read();
                Choices(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                json.Read();
                Usage(ref json);
            }
            else if (json.ValueTextEquals("error"u8))
            {
                json.Read();
                Error(ref json);
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
                json.Read();
                json.Skip();
            }
        }

        if (json.TokenType != JsonTokenType.EndObject || json.Read())
        {
            _malformed = true;
        }
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

    private void Delta(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        var spoke = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var to = json.ValueTextEquals("content"u8) ? _content : json.ValueTextEquals("reasoning_content"u8) ? _reasoning : null;
            json.Read();
            if (to is not null && json.TokenType == JsonTokenType.String)
            {
                spoke |= json.ValueSpan.Length > 0;
                PythonJson.Escaped(to, json.ValueSpan);
            }
            else
            {
                json.Skip();
            }
        }

        if (spoke)
        {
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

    private void Error(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        using var error = JsonDocument.ParseValue(ref json);
        _error = error.RootElement is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty("code", out var code)
            && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : 0;
        _errorText = "error in the stream: " + error.RootElement.ToString();
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
