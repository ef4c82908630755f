using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Results;

namespace FaultTolerance.Reports;

/// <summary>Rows of <c>requests.csv</c> as bytes: a million of them are made in less time than they take to be written.</summary>
/// <param name="to">Takes the rows.</param>
/// <param name="scenario">Whose they are.</param>
/// <param name="texts">What repeats.</param>
internal sealed class RequestRows(ByteBuffer to, ScenarioResult scenario, CsvTexts texts)
{
    // Of an instant such as 2026-01-01T00:00:00.0000000Z.
    private const int FractionFrom = 20;
    private const int FractionDigits = 7;

    private static readonly byte[][] Outcomes = [.. Enum.GetNames<Outcome>().Select(CsvFile.Field)];
    private readonly byte[] _scenario = texts.Of(scenario.Name);

    // The last instant that was written, and the second that it lies in.
    private readonly byte[] _instant = new byte[FractionFrom + FractionDigits + 1];
    private long _second = -1;

    // The next row mostly says the same.
    private (string? Text, byte[] Bytes) _url = (null, texts.Of(null));
    private (string? Text, byte[] Bytes) _pod = (null, texts.Of(null));

    /// <summary>Appends a row for each attempt.</summary>
    public void Write(ReadOnlySpan<Attempt> attempts)
    {
        foreach (ref readonly var attempt in attempts)
        {
            Row(attempt);
        }
    }

    /// <summary>Appends a row for each request that was not sent.</summary>
    public void Write(IEnumerable<UnsentRequest> requests)
    {
        foreach (var unsent in requests)
        {
            to.Append(_scenario);
            Number(unsent.Client);
            Number(unsent.Request);
            to.Append(unsent.RecordedAt > (scenario.FaultAt ?? long.MaxValue) ? ",,after"u8 : ",,before"u8);
            Instant(unsent.Intended);
            to.Append(",,,,"u8);
            Instant(unsent.RecordedAt);
            to.Append(",,,"u8);
            to.Append(Outcomes[(int)unsent.Outcome]);
            to.Append(",false,,,,,,"u8);
            to.Append(texts.Of(unsent.Reason));
            to.Append((byte)'\n');
        }
    }

    private void Row(in Attempt attempt)
    {
        to.Append(_scenario);
        Number(attempt.Client);
        Number(attempt.Request);
        Number(attempt.Index);
        to.Append(attempt.RequestEnd > (scenario.FaultAt ?? long.MaxValue) ? ",after"u8 : ",before"u8);
        Instant(attempt.Intended);
        Instant(attempt.Sent);
        Instant(attempt.FirstByte);
        Instant(attempt.FirstToken);
        Instant(attempt.LastByte);
        Instant(attempt.RequestEnd);
        Seconds(attempt.ElapsedNanoseconds);
        Number(attempt.Status, attempt.Status != 0);
        to.Append((byte)',');
        to.Append(Outcomes[(int)attempt.Outcome]);
        to.Append(attempt.LegacySuccess ? ",true"u8 : ",false"u8);
        Number(attempt.ContentLength, attempt.ContentLength >= 0);
        Number(attempt.Tokens, attempt.TokensAsked != 0 || attempt.Tokens != 0);
        Number(attempt.TokensAsked, attempt.TokensAsked != 0);
        Text(attempt.Url, ref _url);
        Text(attempt.Pod, ref _pod);
        to.Append((byte)',');
        to.Append(texts.Said(attempt.Error));
        to.Append((byte)'\n');
    }

    private void Text(string? text, ref (string? Text, byte[] Bytes) last)
    {
        last = ReferenceEquals(text, last.Text) ? last : (text, texts.Of(text));
        to.Append((byte)',');
        to.Append(last.Bytes);
    }

    private void Number(int value, bool known = true)
    {
        to.Append((byte)',');
        if (known)
        {
            to.Append(value);
        }
    }

    private void Instant(long ticks)
    {
        to.Append((byte)',');
        if (ticks == 0)
        {
            return;
        }

        // Most instants of a row, and of the next, are of one second: then only its fraction is written anew.
        var second = ticks / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            Utf8Formatter.TryFormat(new DateTime(ticks, DateTimeKind.Utc), _instant, out _, new StandardFormat('O'));
            _second = second;
        }

        Digits((uint)(ticks - (second * TimeSpan.TicksPerSecond)), _instant.AsSpan(FractionFrom, FractionDigits));
        to.Append(_instant);
    }

    // As the shortest text that reads back as the same number. In this range that is the nanoseconds themselves: 15 digits, no exponent.
    private void Seconds(long nanoseconds)
    {
        to.Append((byte)',');
        if (nanoseconds is < 100_000 or >= 1_000_000_000_000_000)
        {
            (nanoseconds / 1e9).TryFormat(to.GetSpan(32), out var written, "R", CultureInfo.InvariantCulture);
            to.Advance(written);
            return;
        }

        var seconds = nanoseconds / 1_000_000_000;
        to.Append(seconds);
        var digits = to.GetSpan(10)[..10];
        digits[0] = (byte)'.';
        Digits((uint)(nanoseconds - (seconds * 1_000_000_000)), digits[1..]);
        var length = digits.LastIndexOfAnyExcept((byte)'0') + 1;
        to.Advance(length > 1 ? length : 0);
    }

    // Fills the span from its end; by the processor's own words, which compiled ahead of time take no call.
    private static void Digits(uint value, Span<byte> digits)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            var tens = value / 10;
            digits[i] = (byte)('0' + (value - (tens * 10)));
            value = tens;
        }
    }
}
