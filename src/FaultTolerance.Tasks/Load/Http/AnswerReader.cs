using System.Text;
using System.Text.Json;
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
        var hasMessage = false;
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
                    case Found.Content: characters = Characters(ref json, ascii); break;
                    case Found.Reasoning when characters == 0: characters = Characters(ref json, ascii); break;
                    case Found.Message: hasMessage = true; break;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            to.Clear();
            return default;
        }

        return new(true, hasMessage, tokens, characters);
    }

    private static int Characters(ref Utf8JsonReader json, bool ascii)
    {
        var span = json.ValueSpan;
        var count = ascii || Ascii.IsValid(span) ? span.Length : Encoding.UTF8.GetCharCount(span);
        if (!json.ValueIsEscaped)
        {
            return count;
        }

        // Counted and not decoded: a lone half of a surrogate pair, where an answer was cut, is no reason to refuse it.
        for (var at = span.IndexOf((byte)'\\'); at >= 0; at = span.IndexOf((byte)'\\'))
        {
            var length = span[at + 1] == 'u' ? 6 : 2;
            count -= length - 1;
            span = span[(at + length)..];
        }

        return count;
    }

    private enum Found
    {
        Nothing,
        Tokens,
        Message,
        Content,
        Reasoning,
    }

    /// <summary>Follows <c>usage.completion_tokens</c> and <c>choices[0].message.content</c> without a tree.</summary>
    private struct Place
    {
        private bool _choices;
        private bool _firstChoice;
        private bool _message;
        private bool _usage;
        private int _choice;
        private Found _next;

        public Found Follow(ref Utf8JsonReader json)
        {
            var next = _next;
            _next = Found.Nothing;
            switch (json.TokenType)
            {
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
                case JsonTokenType.String when next is Found.Content or Found.Reasoning:
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
                _usage = json.ValueTextEquals("usage"u8);
                _choice = 0;
            }
            else if (_usage && json.CurrentDepth == 2 && json.ValueTextEquals("completion_tokens"u8))
            {
                _next = Found.Tokens;
            }
            else if (_firstChoice && json.CurrentDepth == 3)
            {
                _next = json.ValueTextEquals("message"u8) ? Found.Message : Found.Nothing;
            }
            else if (_message && json.CurrentDepth == 4)
            {
                _next = json.ValueTextEquals("content"u8) ? Found.Content
                    : json.ValueTextEquals("reasoning_content"u8) ? Found.Reasoning
                    : Found.Nothing;
            }
        }
    }
}
