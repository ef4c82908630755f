using System.Text;
using System.Text.Json;

namespace FaultTolerance.Scenarios.Work;

/// <summary>A prompt of a file.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Json">The messages as they stand in their list, without its brackets; of completions the prompt, a JSON text.</param>
/// <param name="MaxTokens">Output tokens asked for; null: the load says it.</param>
internal sealed record PromptLine(int Line, ReadOnlyMemory<byte> Json, int? MaxTokens);

/// <summary>
/// Reads prompts: a line is <c>{"messages": [{"role": …, "content": …}, …]}</c>, for plain completions <c>{"prompt": "…"}</c>, and may have
/// <c>max_tokens</c>.
/// </summary>
internal static class PromptFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="api">What the load asks a service for.</param>
    public static WorkLines<PromptLine> Read(string path, Api api) => WorkLines.Read(path, (line, json) => One(line, json, api));

    private static PromptLine One(int line, JsonElement json, Api api)
    {
        var key = api == Api.Completions ? "prompt" : "messages";
        WorkLines.Only(json, key, "max_tokens");
        if (!json.TryGetProperty(key, out var value))
        {
            throw new FormatException($"'{key}' is missing");
        }

        int? tokens = json.TryGetProperty("max_tokens", out var most) ? WorkLines.Whole(most, "max_tokens", 1, LengthSpec.Longest) : null;
        return new PromptLine(line, api == Api.Completions ? Text(value) : Messages(value), tokens);
    }

    private static byte[] Text(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0
        ? Encoding.UTF8.GetBytes(value.GetRawText()) : throw new FormatException("'prompt' must be a text that is not empty");

    private static byte[] Messages(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            throw new FormatException("'messages' must be a list with at least one message");
        }

        foreach (var message in value.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object
                || !message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String
                || !message.TryGetProperty("content", out _))
            {
                throw new FormatException("each of 'messages' must be an object with 'role', a text, and 'content'");
            }
        }

        return Encoding.UTF8.GetBytes(value.GetRawText().Trim()[1..^1]);
    }
}
