using System.Text.Json;
using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Work;

/// <summary>
/// What was said in a session before: each turn repeats it, as chats do. A turn that was not answered is not repeated, and the session
/// goes on without it.
/// </summary>
internal sealed class Conversation
{
    private readonly ByteBuffer _before = new();
    private readonly ByteBuffer _asked = new();

    /// <summary>Appends the messages of the turns before, each with a comma after it.</summary>
    public void WriteTo(ByteBuffer to, AskedWork asked)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (asked.Turn <= 1)
        {
            _before.Clear();
        }

        to.Append(_before.Written);
    }

    /// <summary>Keeps what a turn asks.</summary>
    public void Note(ReadOnlySpan<byte> messages, AskedWork asked)
    {
        _asked.Clear();
        if (asked.Turn > 0)
        {
            _asked.Append(messages);
        }
    }

    /// <summary>The turn was answered.</summary>
    /// <param name="answer">The answer's body.</param>
    public void Answered(ReadOnlySpan<byte> answer)
    {
        if (_asked.Length == 0)
        {
            return;
        }

        _before.Append(_asked.Written);
        _before.Append(", {\"role\": \"assistant\", \"content\": "u8);
        PythonJson.String(_before, Text(answer));
        _before.Append("}, "u8);
        _asked.Clear();
    }

    private static string Text(ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.TryGetProperty("choices", out var choices)
            && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0
            && choices[0].TryGetProperty("message", out var message)
            && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
            ? content.GetString()! : "";
    }
}
