namespace FaultTolerance.Artefacts.Reading;

/// <summary>A point in time as a log states it; a naive one names no zone.</summary>
/// <param name="Ticks">UTC ticks; for a naive one, ticks of its own zone.</param>
/// <param name="IsNaive">Whether the zone is unknown.</param>
internal readonly record struct IsoStamp(long Ticks, bool IsNaive)
{
    private static ReadOnlySpan<int> Powers => [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

    /// <summary>UTC ticks, where naive stamps are this far ahead of UTC.</summary>
    public long Utc(TimeSpan naiveOffset) => IsNaive ? Ticks - naiveOffset.Ticks : Ticks;

    /// <summary>
    /// Reads <c>yyyy-MM-dd'T'HH:mm:ss[.f…][Z|±hh:mm|±hhmm]</c> (a blank may stand for <c>T</c>), digits beyond 100 ns cut off.
    /// The whole text must be the stamp.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IsoStamp stamp)
    {
        var day = default(IsoDay);
        return TryParse(text, ref day, out stamp);
    }

    /// <summary>The same with the day that was read last, which the stamps of a log share.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, ref IsoDay day, out IsoStamp stamp)
    {
        stamp = default;
        if (text.Length < 19 || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':' || !day.Read(text[..10]))
        {
            return false;
        }

        if (!Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        // A leap second counts as the first of the next minute.
        var ticks = day.Ticks + ((((hour * 60) + minute) * 60) + second) * TimeSpan.TicksPerSecond;
        var rest = text[19..];
        if (!rest.IsEmpty && rest[0] is (byte)'.' or (byte)',')
        {
            var length = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : rest.Length - 1;
            if (length == 0 || !Digits(rest.Slice(1, Math.Min(length, 7)), out var fraction))
            {
                return false;
            }

            ticks += (long)fraction * Powers[Math.Min(length, 7)];
            rest = rest[(1 + length)..];
        }

        return Zone(rest, ticks, out stamp);
    }

    private static bool Zone(ReadOnlySpan<byte> zone, long ticks, out IsoStamp stamp)
    {
        stamp = new IsoStamp(ticks, zone.IsEmpty);
        if (zone.IsEmpty || zone.SequenceEqual("Z"u8) || zone.SequenceEqual("z"u8))
        {
            return true;
        }

        var compact = zone.Length == 5;
        if (
            zone[0] is not ((byte)'+' or (byte)'-')
            || (!compact && (zone.Length != 6 || zone[3] != ':'))
            || !Digits(zone[1..3], out var hours)
            || !Digits(compact ? zone[3..] : zone[4..], out var minutes)
            || hours > 15
            || minutes > 59
        )
        {
            return false;
        }

        var offset = ((hours * 60) + minutes) * TimeSpan.TicksPerMinute;
        var utc = zone[0] == '-' ? ticks + offset : ticks - offset;
        stamp = new IsoStamp(utc, false);
        return utc >= 0 && utc <= DateTime.MaxValue.Ticks;
    }

    // By hand: five stamps an attempt make this the parser's hottest loop, and the general parser's checks cost as much as the JSON.
    internal static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            var number = digit - '0';
            if ((uint)number > 9)
            {
                return false;
            }

            value = (value * 10) + number;
        }

        return true;
    }
}
