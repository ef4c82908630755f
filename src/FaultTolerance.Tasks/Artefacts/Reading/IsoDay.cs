using System.Buffers.Binary;

namespace FaultTolerance.Artefacts.Reading;

/// <summary>
/// A day as text, <c>yyyy-MM-dd</c>, and its begin. It keeps what it read last: the same text again costs two comparisons.
/// </summary>
internal struct IsoDay
{
    private ulong _begin;
    private ushort _end;

    /// <summary>The day's begin, ticks.</summary>
    public long Ticks { get; private set; }

    /// <summary>Reads ten characters; false, and nothing changed, where they are no day.</summary>
    public bool Read(ReadOnlySpan<byte> text)
    {
        var (begin, end) = (BinaryPrimitives.ReadUInt64LittleEndian(text), BinaryPrimitives.ReadUInt16LittleEndian(text[8..]));
        if (begin == _begin && end == _end)
        {
            return true;
        }

        if (
            text[4] != '-'
            || text[7] != '-'
            || !IsoStamp.Digits(text[..4], out var year)
            || !IsoStamp.Digits(text[5..7], out var month)
            || !IsoStamp.Digits(text[8..10], out var day)
            || year < 1
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month)
        )
        {
            return false;
        }

        (_begin, _end, Ticks) = (begin, end, new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks);
        return true;
    }
}
