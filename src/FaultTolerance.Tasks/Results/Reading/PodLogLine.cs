using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results.Reading;

/// <summary>
/// A line of a pod's log: JSON with <c>time</c> and <c>message</c>, or text whose first token is a time. Terminal codes are left out, and
/// what a container runtime puts before a line (<c>TIME stdout F</c>) is taken off; its time is used where the line has none.
/// </summary>
internal static partial class PodLogLine
{
    /// <summary>Reads a line; null where it has no time.</summary>
    public static (IsoStamp? Time, string Message) Read(ReadOnlySpan<byte> line)
    {
        var text = Codes().Replace(Encoding.UTF8.GetString(line), "").TrimStart();
        IsoStamp? outer = null;
        if (Runtime().Match(text) is { Success: true } prefix && Stamp(prefix.Groups["time"].Value) is { } written)
        {
            (outer, text) = (written, text[prefix.Length..]);
        }

        if (text is ['{', ..] && Json(Encoding.UTF8.GetBytes(text)) is { } json)
        {
            return (json.Time ?? outer, json.Message);
        }

        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return (Stamp(end < 0 ? text : text[..end]) ?? outer, text);
    }

    private static IsoStamp? Stamp(string text) => IsoStamp.TryParse(Encoding.UTF8.GetBytes(text), out var stamp) ? stamp : null;

    // Null where it is no JSON after all, or cut off: the plain rule may still find its time.
    private static (IsoStamp? Time, string Message)? Json(byte[] line)
    {
        try
        {
            return Keys(line);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return PythonTexts.ToJson(line) is { } json && !json.AsSpan().SequenceEqual(line) ? Json(json) : null;
        }
    }

    private static (IsoStamp? Time, string Message) Keys(byte[] line)
    {
        IsoStamp? time = null;
        var message = "";
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isTime, isMessage) = (reader.ValueTextEquals("time"u8), reader.ValueTextEquals("message"u8));
            reader.Read();
            if (isTime && reader.TokenType == JsonTokenType.String && IsoStamp.TryParse(reader.ValueSpan, out var stamp))
            {
                time = stamp;
            }
            else if (isMessage && reader.TokenType == JsonTokenType.String)
            {
                message = reader.GetString()!;
            }

            reader.Skip();
        }

        return (time, message);
    }

    // Control sequences, operating system commands, and the two-byte codes.
    [GeneratedRegex(
        @"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])",
        RegexOptions.CultureInvariant, 1000
    )]
    private static partial Regex Codes();

    [GeneratedRegex(@"^(?<time>\S+) std(?:out|err) [FP] ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Runtime();
}
