using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>
/// JSON as Python's <c>json.dumps</c> writes it: separators <c>", "</c> and <c>": "</c>, ASCII only. Escapes that a server wrote
/// are kept as it wrote them (Python would write <c>\/</c> as <c>/</c>); every reader of JSON takes both for the same text.
/// </summary>
internal static class PythonJson
{
    private const int Fraction = 7;

    // Shorter ones have an exponent; longer ones more digits than a float keeps.
    private static readonly (TimeSpan From, TimeSpan Until) Plain = (TimeSpan.FromMicroseconds(100), TimeSpan.FromDays(365));

    /// <summary>Writes a string with its quotes.</summary>
    public static void String(ByteBuffer to, ReadOnlySpan<char> text)
    {
        to.Append((byte)'"');
        foreach (var c in text)
        {
            Character(to, c);
        }

        to.Append((byte)'"');
    }

    /// <summary>
    /// Writes seconds as Python prints a float: shortest form, at least one digit after the point, exponent below 0.0001.
    /// </summary>
    public static void Float(ByteBuffer to, double value)
    {
        var span = to.GetSpan(32);
        Utf8Formatter.TryFormat(value, span, out var written);
        var text = span[..written];
        var exponent = text.IndexOf((byte)'E');
        if (exponent >= 0)
        {
            text[exponent] = (byte)'e';
        }
        else if (!text.Contains((byte)'.') && double.IsFinite(value))
        {
            ".0"u8.CopyTo(span[written..]);
            written += 2;
        }

        to.Advance(written);
    }

    /// <summary>
    /// Writes a span in seconds as <see cref="Float"/> writes it. A span counts tenths of microseconds, and up to 15 digits the shortest
    /// form of a float is the decimal number it was made from, so digits are all that is needed; a fifth of the time of a float's.
    /// </summary>
    public static void Seconds(ByteBuffer to, TimeSpan value)
    {
        if (value < Plain.From || value > Plain.Until)
        {
            Float(to, value.TotalSeconds);
            return;
        }

        var (seconds, rest) = Math.DivRem(value.Ticks, TimeSpan.TicksPerSecond);
        to.Append(seconds);
        var digits = to.GetSpan(1 + Fraction)[..(1 + Fraction)];
        digits[0] = (byte)'.';
        for (var i = Fraction; i > 0; i--)
        {
            (rest, var digit) = Math.DivRem(rest, 10);
            digits[i] = (byte)('0' + digit);
        }

        to.Advance(Math.Max(2, digits.LastIndexOfAnyExcept((byte)'0') + 1));
    }

    /// <summary>
    /// Writes the token that <paramref name="json"/> stands on, with the separator that it needs after <paramref name="previous"/>.
    /// </summary>
    /// <param name="to">Where to.</param>
    /// <param name="json">On the token.</param>
    /// <param name="previous">The token before it.</param>
    /// <param name="ascii">The whole text is known to be ASCII, so that no part of it need be looked at.</param>
    public static void Token(ByteBuffer to, ref Utf8JsonReader json, JsonTokenType previous, bool ascii = false)
    {
        var token = json.TokenType;
        if (token is not (JsonTokenType.EndObject or JsonTokenType.EndArray)
            && previous is not (JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName))
        {
            to.Append(", "u8);
        }

        switch (token)
        {
            case JsonTokenType.StartObject: to.Append((byte)'{'); break;
            case JsonTokenType.EndObject: to.Append((byte)'}'); break;
            case JsonTokenType.StartArray: to.Append((byte)'['); break;
            case JsonTokenType.EndArray: to.Append((byte)']'); break;
            case JsonTokenType.PropertyName:
                to.Append((byte)'"');
                Inside(to, json.ValueSpan, ascii);
                to.Append("\": "u8);
                break;
            case JsonTokenType.String:
                to.Append((byte)'"');
                Inside(to, json.ValueSpan, ascii);
                to.Append((byte)'"');
                break;
            default: to.Append(json.ValueSpan); break;
        }
    }

    /// <summary>Writes the inside of a string that is escaped already, and escapes what is not ASCII.</summary>
    public static void Escaped(ByteBuffer to, ReadOnlySpan<byte> utf8)
    {
        if (Ascii.IsValid(utf8))
        {
            to.Append(utf8);
            return;
        }

        Span<char> pair = stackalloc char[2];
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var used);
            if (rune.IsAscii)
            {
                to.Append((byte)rune.Value);
            }
            else
            {
                foreach (var c in pair[..rune.EncodeToUtf16(pair)])
                {
                    Unicode(to, c);
                }
            }

            utf8 = utf8[used..];
        }
    }

    private static void Inside(ByteBuffer to, ReadOnlySpan<byte> utf8, bool ascii)
    {
        if (ascii)
        {
            to.Append(utf8);
        }
        else
        {
            Escaped(to, utf8);
        }
    }

    private static void Character(ByteBuffer to, char c)
    {
        switch (c)
        {
            case '"': to.Append("\\\""u8); break;
            case '\\': to.Append("\\\\"u8); break;
            case '\n': to.Append("\\n"u8); break;
            case '\r': to.Append("\\r"u8); break;
            case '\t': to.Append("\\t"u8); break;
            case '\b': to.Append("\\b"u8); break;
            case '\f': to.Append("\\f"u8); break;
            case >= ' ' and <= '\x7f': to.Append((byte)c); break;
            default: Unicode(to, c); break;
        }
    }

    private static void Unicode(ByteBuffer to, char c)
    {
        to.Append("\\u"u8);
        var span = to.GetSpan(4);
        Utf8Formatter.TryFormat((uint)c, span, out var written, new System.Buffers.StandardFormat('x', 4));
        to.Advance(written);
    }
}
