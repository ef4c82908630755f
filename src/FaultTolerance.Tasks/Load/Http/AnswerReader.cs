using System.Text;
using System.Text.Json;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Classification;

namespace FaultTolerance.Load.Http;

/// <summary>
/// Reads a whole JSON body once: checks it, writes it as Python would, and picks out what the outcome needs, all in the one pass.
/// </summary>
internal static class AnswerReader
{
    /// <summary>Reads <paramref name="body"/>; <paramref name="to"/> is left empty when it is no JSON.</summary>
    public static AnswerFacts Read(ReadOnlySpan<byte> body, ByteBuffer to)
    {
        var tokens = -1L;
        var characters = 0;
        var (hasMessage, calls, tells, says) = (false, false, false, false);
        var path = default(Place);
        var ascii = Ascii.IsValid(body);
        try
        {
            var json = new Utf8JsonReader(body);
            var previous = JsonTokenType.None;
            while (json.Read())
            {
                PythonJson.Token(to, ref json, previous, ascii);
                previous = json.TokenType;
                switch (path.Follow(ref json))
                {
                    case Found.Tokens when json.TryGetInt64(out var said): tokens = said; break;
                    case Found.Content: characters = JsonText.CodePoints(json.ValueSpan, json.ValueIsEscaped); break;
                    case Found.Reasoning when characters == 0: characters = JsonText.CodePoints(json.ValueSpan, json.ValueIsEscaped); break;
                    case Found.Text:
                        hasMessage = true;
                        characters = JsonText.CodePoints(json.ValueSpan, json.ValueIsEscaped);
                        break;
                    case Found.Message: hasMessage = true; break;
                    case Found.Calls: calls = true; break;
                    case Found.Error: tells = true; break;
                    case Found.Says: says = true; break;
                }
            }

            return new(true, hasMessage, tokens, characters)
            {
                HasToolCalls = calls,
                Error = tells || (says && !path.HasChoices) ? Told(body) : null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            to.Clear();
            return default;
        }
    }

    private static ToldError Told(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        using var value = JsonDocument.ParseValue(ref json);
        return ToldError.Of(value.RootElement);
    }

    private enum Found
    {
        Nothing,
        Tokens,
        Message,
        Content,
        Text,
        Reasoning,
        Calls,
        Error,
        Object,
        Says,
    }

    /// <summary>
    /// Follows <c>usage.completion_tokens</c>, <c>choices[0].message</c> or <c>.text</c> and what tells of an error, without a tree.
    /// </summary>
    private struct Place
    {
        private bool _choices;
        private bool _firstChoice;
        private bool _message;
        private bool _usage;
        private int _choice;
        private Found _next;

        public bool HasChoices { get; private set; }

        public Found Follow(ref Utf8JsonReader json)
        {
            var next = _next;
            _next = Found.Nothing;
            switch (json.TokenType)
            {
                case not JsonTokenType.Null when next is Found.Error or Found.Says:
                    return next;
                case JsonTokenType.String when next == Found.Object:
                    return json.ValueTextEquals("error"u8) ? Found.Error : Found.Nothing;
                case JsonTokenType.StartArray when next == Found.Calls:
                    return next;
                case JsonTokenType.PropertyName:
                    Name(ref json);
                    break;
                case JsonTokenType.StartObject when _firstChoice && next == Found.Message:
                    _message = true;
                    return Found.Message;
                case JsonTokenType.StartObject when _choices && json.CurrentDepth == 2:
                    _firstChoice = _choice++ == 0;
                    break;
                case JsonTokenType.EndObject when json.CurrentDepth == 3:
                    _message = false;
                    break;
                case JsonTokenType.EndObject when json.CurrentDepth == 2:
                    _firstChoice = false;
                    break;
                case JsonTokenType.String when next is Found.Content or Found.Reasoning or Found.Text:
                case JsonTokenType.Number when next == Found.Tokens:
                    return next;
            }

            return Found.Nothing;
        }

        private void Name(ref Utf8JsonReader json)
        {
            if (json.CurrentDepth == 1)
            {
                _choices = json.ValueTextEquals("choices"u8);
                HasChoices |= _choices;
                _usage = json.ValueTextEquals("usage"u8);
                _choice = 0;
                _next = json.ValueTextEquals("error"u8) ? Found.Error
                    : json.ValueTextEquals("object"u8) ? Found.Object
                    : json.ValueTextEquals("message"u8) || json.ValueTextEquals("code"u8) || json.ValueTextEquals("detail"u8) ? Found.Says
                    : Found.Nothing;
            }
            else if (_usage && json.CurrentDepth == 2 && json.ValueTextEquals("completion_tokens"u8))
            {
                _next = Found.Tokens;
            }
            else if (_firstChoice && json.CurrentDepth == 3)
            {
                _next = json.ValueTextEquals("message"u8) ? Found.Message : json.ValueTextEquals("text"u8) ? Found.Text : Found.Nothing;
            }
            else if (_message && json.CurrentDepth == 4)
            {
                _next = json.ValueTextEquals("content"u8) ? Found.Content
                    : json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8) ? Found.Reasoning
                    : json.ValueTextEquals("tool_calls"u8) ? Found.Calls
                    : Found.Nothing;
            }
        }
    }
}
