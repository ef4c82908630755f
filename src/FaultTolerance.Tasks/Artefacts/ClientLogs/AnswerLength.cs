using System.Text.Json;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>Finds how many characters a chat completion's answer has, without making a string of it.</summary>
internal static class AnswerLength
{
    private const int None = -1;

    /// <summary>
    /// The reader stands on the value of <c>result</c> and is left on its end. The answer is <c>choices[0].message.content</c>, or
    /// <c>reasoning_content</c> (of other engines and versions: <c>reasoning</c>) where there is no such key; of plain completions
    /// <c>choices[0].text</c>. Returns -1 where there is
    /// none.
    /// </summary>
    public static int Read(ref Utf8JsonReader reader)
    {
        var length = None;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return None;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var choices = reader.ValueTextEquals("choices"u8);
            reader.Read();
            if (choices && reader.TokenType == JsonTokenType.StartArray)
            {
                length = FirstChoice(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return length;
    }

    private static int FirstChoice(ref Utf8JsonReader reader)
    {
        var length = None;
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index > 0 || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var message = reader.ValueTextEquals("message"u8);
                var text = !message && reader.ValueTextEquals("text"u8);
                reader.Read();
                if (message && reader.TokenType == JsonTokenType.StartObject)
                {
                    length = Message(ref reader);
                }
                else if (text && reader.TokenType == JsonTokenType.String)
                {
                    length = JsonText.CodePoints(reader.ValueSpan, reader.ValueIsEscaped);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return length;
    }

    private static int Message(ref Utf8JsonReader reader)
    {
        var (content, reasoning, hasContent) = (None, None, false);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isContent = reader.ValueTextEquals("content"u8);
            var isReasoning = !isContent && (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8));
            hasContent |= isContent;
            reader.Read();
            var length =
                (isContent || isReasoning) && reader.TokenType == JsonTokenType.String
                    ? JsonText.CodePoints(reader.ValueSpan, reader.ValueIsEscaped)
                    : None;
            content = isContent ? length : content;
            reasoning = isReasoning ? length : reasoning;
            reader.Skip();
        }

        return hasContent ? content : reasoning;
    }
}
