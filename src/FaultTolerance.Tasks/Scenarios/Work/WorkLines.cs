using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Scenarios.Work;

/// <summary>What was read of a file with an object a line.</summary>
/// <param name="Items">What its lines say; those that are wrong are left out.</param>
/// <param name="Faults">What is wrong, by line.</param>
/// <param name="Hash">SHA-256 of its bytes, in hex.</param>
internal sealed record WorkLines<T>(ImmutableArray<T> Items, ImmutableArray<Diagnostic> Faults, string Hash);

/// <summary>Reads files with an object a line.</summary>
internal static class WorkLines
{
    private const int MostFaults = 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file. What is wrong is told with its line; after twenty of them the rest is not told.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads a line's object; throws <see cref="FormatException"/> with what is wrong.</param>
    public static WorkLines<T> Read<T>(string path, Func<int, JsonElement, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new([], [new Diagnostic(ScenarioCodes.NoWork, Severity.Error, $"cannot be read: {e.Message}") { File = path }], "");
        }

        var items = ImmutableArray.CreateBuilder<T>();
        var faults = ImmutableArray.CreateBuilder<Diagnostic>();
        var number = 0;
        foreach (var range in new ReadOnlySpan<byte>(bytes).Split((byte)'\n'))
        {
            number++;
            var line = bytes.AsMemory()[range];
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (Fault(line, number, read, items) is not { } why)
            {
                continue;
            }

            if (faults.Count == MostFaults)
            {
                faults.Add(Wrong(path, 0, "more lines are wrong, which are not told"));
                break;
            }

            faults.Add(Wrong(path, number, why));
        }

        if (items.Count == 0 && faults.Count == 0)
        {
            faults.Add(Wrong(path, 0, "holds no line"));
        }

        return new(items.ToImmutable(), faults.ToImmutable(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>A whole number of a line.</summary>
    /// <exception cref="FormatException">It is none, or out of its bounds.</exception>
    public static int Whole(JsonElement value, string key, int min, int max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) && whole >= min && whole <= max
            ? whole : throw new FormatException($"'{key}' must be a whole number from {min:N0} to {max:N0}");

    /// <summary>Refuses keys that nobody would send.</summary>
    /// <exception cref="FormatException">There is one.</exception>
    public static void Only(JsonElement line, params ReadOnlySpan<string> keys)
    {
        foreach (var member in line.EnumerateObject())
        {
            if (!keys.Contains(member.Name))
            {
                throw new FormatException($"unknown key '{member.Name}'; a line may have {string.Join(", ", keys)}");
            }
        }
    }

    private static string? Fault<T>(ReadOnlyMemory<byte> line, int number, Func<int, JsonElement, T> read, ImmutableArray<T>.Builder items)
    {
        try
        {
            _ = Strict.GetCharCount(line.Span);
            using var document = JsonDocument.Parse(line);
            items.Add(document.RootElement.ValueKind == JsonValueKind.Object ? read(number, document.RootElement)
                : throw new FormatException("a line must be a JSON object"));
            return null;
        }
        catch (JsonException e)
        {
            return $"not valid JSON: {e.Message.Split(" LineNumber:")[0]}";
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // The second: half a surrogate pair, escaped.
            return "not valid UTF-8";
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static Diagnostic Wrong(string path, int line, string why) =>
        new(ScenarioCodes.BadWork, Severity.Error, why) { File = path, Line = line };
}
