using System.Text.Json;
using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.OpenAi;

/// <summary>The part of a chat completion request that changes what the stand-in does; the rest is accepted and has no effect.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="PromptTokens">Blank-separated words of all messages, plus a template's few tokens each.</param>
/// <param name="Tokens">Output length.</param>
/// <param name="ReachesLimit">Whether the output ends because of the limit (length) and not by itself (stop).</param>
/// <param name="Stream">Server-sent events.</param>
/// <param name="IncludeUsage">A last chunk with usage, when streaming.</param>
/// <param name="Seed">Seed of the answer's words.</param>
internal sealed record ChatRequest(string Model, int PromptTokens, int Tokens, bool ReachesLimit, bool Stream, bool IncludeUsage, int Seed)
{
    public const int MostTokens = 131_072;
    private const int DefaultTokens = 128;
    private const int TemplateTokensPerMessage = 4;

    /// <summary>Reads and checks a body; throws <see cref="ApiError"/> (400) naming the first thing that is wrong.</summary>
    public static ChatRequest Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement, body.Span);
        }
        catch (JsonException malformed)
        {
            throw ApiError.BadRequest($"the body is not JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine})");
        }
    }

    private static ChatRequest Read(JsonElement root, ReadOnlySpan<byte> body)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw ApiError.BadRequest("the body must be an object");
        }

        if (!root.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String)
        {
            throw ApiError.BadRequest("model must be a string");
        }

        var stream = Flag(root, "stream");
        var includeUsage =
            root.TryGetProperty("stream_options", out var options)
            && options.ValueKind == JsonValueKind.Object
            && Flag(options, "include_usage");
        if (includeUsage && !stream)
        {
            throw ApiError.BadRequest("stream_options is allowed only with stream");
        }

        if (Count(root, "n", 1) is > 1)
        {
            throw ApiError.BadRequest("n greater than 1 is not supported");
        }

        var most = Count(root, "max_completion_tokens", 1) ?? Count(root, "max_tokens", 1);
        var least = Count(root, "min_tokens", 0) ?? 0;
        var limit = most ?? Math.Max(DefaultTokens, least);
        if (least > limit)
        {
            throw ApiError.BadRequest($"min_tokens ({least}) is greater than max_tokens ({limit})");
        }

        var prompt = PromptTokensOf(root);
        var seed = Jitter.SeedOf(body);
        var tokens = Flag(root, "ignore_eos") ? limit : new Random(seed).Next(Math.Max(1, Math.Max(least, limit / 2)), limit + 1);
        return new(model.GetString()!, prompt, tokens, tokens == limit, stream, includeUsage, seed);
    }

    private static int PromptTokensOf(JsonElement root)
    {
        if (
            !root.TryGetProperty("messages", out var messages)
            || messages.ValueKind != JsonValueKind.Array
            || messages.GetArrayLength() == 0
        )
        {
            throw ApiError.BadRequest("messages must be an array with at least one message");
        }

        var tokens = 0;
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (
                message.ValueKind != JsonValueKind.Object
                || !message.TryGetProperty("role", out var role)
                || role.ValueKind != JsonValueKind.String
            )
            {
                throw ApiError.BadRequest($"messages[{index}].role must be a string");
            }

            tokens += TemplateTokensPerMessage + ContentTokens(message, index++);
        }

        return tokens;
    }

    private static int ContentTokens(JsonElement message, int index)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return 0;
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => Words(content.GetString()!),
            JsonValueKind.Array => content
                .EnumerateArray()
                .Sum(part =>
                    part.ValueKind == JsonValueKind.Object
                    && part.TryGetProperty("text", out var text)
                    && text.ValueKind == JsonValueKind.String
                        ? Words(text.GetString()!)
                        : 0
                ),
            _ => throw ApiError.BadRequest($"messages[{index}].content must be a string or an array of parts"),
        };
    }

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static bool Flag(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw ApiError.BadRequest($"{name} must be true or false");
    }

    private static int? Count(JsonElement parent, string name, int least)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= MostTokens
            ? number
            : throw ApiError.BadRequest($"{name} must be a whole number from {least} to {MostTokens}");
    }
}
