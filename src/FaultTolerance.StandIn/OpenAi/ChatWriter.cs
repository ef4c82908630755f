using System.Text.Json;

namespace FaultTolerance.StandIn.OpenAi;

/// <summary>Chat completion objects and chunks, as OpenAI's API reference has them.</summary>
internal sealed record ChatWriter(string Id, long Created, ChatRequest Request)
{
    private string FinishReason => Request.ReachesLimit ? "length" : "stop";

    public void WriteCompletion(Utf8JsonWriter json, string content, int tokens)
    {
        Begin(json, "chat.completion");
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, content);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, tokens);
        json.WriteEndObject();
    }

    /// <summary>A chunk: the role in the first, content in the middle ones, the finish reason in the last.</summary>
    public void WriteChunk(Utf8JsonWriter json, string? content, bool first, bool last)
    {
        Begin(json, "chat.completion.chunk");
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("delta"u8);
        if (first)
        {
            json.WriteString("role"u8, "assistant"u8);
        }

        if (content is not null)
        {
            json.WriteString("content"u8, content);
        }

        json.WriteEndObject();
        if (last)
        {
            json.WriteString("finish_reason"u8, FinishReason);
        }
        else
        {
            json.WriteNull("finish_reason"u8);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void WriteUsageChunk(Utf8JsonWriter json, int tokens)
    {
        Begin(json, "chat.completion.chunk");
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        WriteUsage(json, tokens);
        json.WriteEndObject();
    }

    private void Begin(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, Created);
        json.WriteString("model"u8, Request.Model);
    }

    private void WriteUsage(Utf8JsonWriter json, int tokens)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, Request.PromptTokens);
        json.WriteNumber("completion_tokens"u8, tokens);
        json.WriteNumber("total_tokens"u8, Request.PromptTokens + tokens);
        json.WriteEndObject();
    }
}
