using System.Text.Json;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>Values with their types and ranges; what does not fit throws a <see cref="FormatException"/> that names the key.</summary>
internal sealed partial class ClientLogReader
{
    private long Stamp(ref Utf8JsonReader reader, string key)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return 0;
        }

        Require(reader.TokenType == JsonTokenType.String, key, "is no time");
        Require(IsoStamp.TryParse(reader.ValueSpan, ref _day, out var stamp), key, "is no time");
        return stamp.Utc(naiveOffset);
    }

    private static int Integer(ref Utf8JsonReader reader, string key)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return 0;
        }

        var value = -1;
        Require(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out value) && value >= 0, key, "is no number from 0");
        return value;
    }

    // A year is more than any request takes, and keeps sums far from overflow.
    private static double Number(ref Utf8JsonReader reader, string key)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return 0;
        }

        var value = -1d;
        Require(
            reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value) && value is >= 0 and <= 31_536_000,
            key,
            "is no number of seconds"
        );
        return value;
    }

    private static Outcome? OutcomeOf(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Require(reader.TokenType == JsonTokenType.String, "outcome", "is no text");
        foreach (var (name, outcome) in OutcomeNames.All)
        {
            if (reader.ValueTextEquals(name))
            {
                return outcome;
            }
        }

        throw new FormatException("'outcome' is none that is known");
    }

    private static string? Text(ref Utf8JsonReader reader, StringPool pool)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return Value(ref reader, pool);
        }

        reader.Skip();
        return null;
    }

    private static string Value(ref Utf8JsonReader reader, StringPool pool) =>
        reader.ValueIsEscaped ? reader.GetString()! : pool.Get(reader.ValueSpan);

    // The message is put together when it is needed: a million attempts ask some twenty times each.
    private static void Require(bool condition, string key, string what)
    {
        if (!condition)
        {
            throw new FormatException($"'{key}' {what}");
        }
    }
}
