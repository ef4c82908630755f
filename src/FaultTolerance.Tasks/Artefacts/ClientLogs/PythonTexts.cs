namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>
/// What Python's <c>json</c> writes and JSON does not know: NaN, Infinity, -Infinity, and escapes of half a surrogate pair.
/// </summary>
internal static class PythonTexts
{
    private static ReadOnlySpan<byte> Replacement => "\\ufffd"u8;

    /// <summary>
    /// The text as JSON: <c>null</c> for what is no number, U+FFFD for half a pair. Null where there is nothing of the kind.
    /// </summary>
    public static byte[]? ToJson(ReadOnlySpan<byte> text)
    {
        var to = new ByteBuffer(text.Length + 16);
        var (inText, changed, taken) = (false, false, 0);
        for (var i = 0; i < text.Length;)
        {
            var length = 1;
            ReadOnlySpan<byte> instead = default;
            if (text[i] == '"')
            {
                inText = !inText;
            }
            else if (inText && text[i] == '\\')
            {
                (length, var half) = Escape(text[i..]);
                instead = half ? Replacement : default;
            }
            else if (!inText && text[i] is (byte)'N' or (byte)'I' or (byte)'-')
            {
                length = NoNumber(text[i..]);
                instead = length > 1 ? "null"u8 : default;
            }

            if (!instead.IsEmpty)
            {
                to.Append(text[taken..i]);
                to.Append(instead);
                taken = i + length;
                changed = true;
            }

            i += length;
        }

        to.Append(text[taken..]);
        return changed ? to.Written.ToArray() : null;
    }

    // How long the escape at the begin is, a whole pair as one, and whether it is half a pair.
    private static (int Length, bool Half) Escape(ReadOnlySpan<byte> text)
    {
        if (Unit(text) is not { } unit)
        {
            return (Math.Min(2, text.Length), false);
        }

        var isHigh = unit is >= 0xD800 and <= 0xDBFF;
        return isHigh && Unit(text[6..]) is >= 0xDC00 and <= 0xDFFF ? (12, false) : (6, unit is >= 0xD800 and <= 0xDFFF);
    }

    private static ushort? Unit(ReadOnlySpan<byte> text) =>
        text.Length >= 6
        && text[0] == '\\'
        && text[1] == 'u'
        && System.Buffers.Text.Utf8Parser.TryParse(text.Slice(2, 4), out ushort unit, out var used, 'x')
        && used == 4
            ? unit
            : null;

    private static int NoNumber(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? 3 : text.StartsWith("Infinity"u8) ? 8 : text.StartsWith("-Infinity"u8) ? 9 : 1;
}
