using System.Collections.Immutable;
using System.Text.Json;

namespace FaultTolerance.Scenarios.Work;

/// <summary>A request of a trace.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Milliseconds">When it was sent.</param>
/// <param name="InputLength">Tokens of its prompt.</param>
/// <param name="OutputLength">Tokens of its answer.</param>
/// <param name="Blocks">Ids of the blocks that its prompt begins with; requests with the same id have the same words there.</param>
internal sealed record TraceLine(int Line, double Milliseconds, int InputLength, int OutputLength, ImmutableArray<long> Blocks);

/// <summary>
/// Reads traces of Mooncake's form: <c>{"timestamp": ms, "input_length": n, "output_length": n, "hash_ids": [..]}</c>, in the order of time.
/// </summary>
internal static class TraceFile
{
    /// <summary>Tokens that an id stands for.</summary>
    public const int BlockTokens = 512;

    /// <summary>Reads a file.</summary>
    public static WorkLines<TraceLine> Read(string path)
    {
        var before = 0.0;
        return WorkLines.Read(path, (line, json) =>
        {
            var one = One(line, json);
            if (one.Milliseconds < before)
            {
                throw new FormatException("'timestamp' is before that of the line above; a trace is in the order of time");
            }

            before = one.Milliseconds;
            return one;
        });
    }

    private static TraceLine One(int line, JsonElement json)
    {
        WorkLines.Only(json, "timestamp", "input_length", "output_length", "hash_ids");
        var input = Length(json, "input_length");
        return new TraceLine(line, Time(json), input, Length(json, "output_length"), Blocks(json, input));
    }

    private static int Length(JsonElement json, string key) => json.TryGetProperty(key, out var value)
        ? WorkLines.Whole(value, key, 1, LengthSpec.Longest) : throw new FormatException($"'{key}' is missing");

    private static double Time(JsonElement json)
    {
        if (!json.TryGetProperty("timestamp", out var value))
        {
            throw new FormatException("'timestamp' is missing");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var time) && time is >= 0 and <= 1e15
            ? time : throw new FormatException("'timestamp' must be a number of milliseconds from 0");
    }

    private static ImmutableArray<long> Blocks(JsonElement json, int input)
    {
        if (!json.TryGetProperty("hash_ids", out var list))
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("'hash_ids' must be a list of whole numbers");
        }

        if (list.GetArrayLength() > (input + BlockTokens - 1) / BlockTokens)
        {
            throw new FormatException($"{list.GetArrayLength()} 'hash_ids' are too many for {input} tokens: each stands for {BlockTokens}");
        }

        return [.. list.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var whole)
            ? whole : throw new FormatException("'hash_ids' must be a list of whole numbers"))];
    }
}
