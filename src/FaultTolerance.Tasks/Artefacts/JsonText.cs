using System.Text;

namespace FaultTolerance.Artefacts;

/// <summary>Lengths of JSON strings as they stand on the wire, without making a string of them.</summary>
internal static class JsonText
{
    /// <summary>
    /// Code points of a string's raw UTF-8, as Python's <c>len</c> counts them: an escape is one, a surrogate pair of escapes is one, a
    /// surrogate that stands alone is one.
    /// </summary>
    /// <param name="raw">What stands between the quotes; must be well formed, as a JSON reader leaves it.</param>
    /// <param name="escaped">Whether it may hold escapes.</param>
    public static int CodePoints(ReadOnlySpan<byte> raw, bool escaped)
    {
        var count = 0;
        var afterHigh = false;
        for (int at; escaped && (at = raw.IndexOf((byte)'\\')) >= 0;)
        {
            afterHigh &= at == 0;
            count += Plain(raw[..at]);
            var unit = raw[at + 1] == 'u' ? Unit(raw.Slice(at + 2, 4)) : 0;
            // The low half of a pair was counted with its high half.
            count += afterHigh && unit is >= 0xDC00 and <= 0xDFFF ? 0 : 1;
            afterHigh = unit is >= 0xD800 and <= 0xDBFF;
            raw = raw[(at + (raw[at + 1] == 'u' ? 6 : 2))..];
        }

        return count + Plain(raw);
    }

    private static int Unit(ReadOnlySpan<byte> hex) =>
        System.Buffers.Text.Utf8Parser.TryParse(hex, out ushort unit, out var used, 'x') && used == 4 ? unit : 0;

    private static int Plain(ReadOnlySpan<byte> utf8)
    {
        if (Ascii.IsValid(utf8))
        {
            return utf8.Length;
        }

        var count = 0;
        foreach (var b in utf8)
        {
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}
