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
    private static readonly byte[][] Outcomes = [.. Enum.GetNames<Outcome>().Select(CsvFile.Field)];
    private readonly byte[] _scenario = texts.Of(scenario.Name);

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
        if (ticks != 0)
        {
            Utf8Formatter.TryFormat(new DateTime(ticks, DateTimeKind.Utc), to.GetSpan(28), out var written, new StandardFormat('O'));
            to.Advance(written);
        }
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

        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        to.Append(seconds);
        var digits = to.GetSpan(10)[..10];
        digits[0] = (byte)'.';
        for (var i = 9; i > 0; i--)
        {
            (rest, var digit) = Math.DivRem(rest, 10);
            digits[i] = (byte)('0' + digit);
        }

        var length = digits.LastIndexOfAnyExcept((byte)'0') + 1;
        to.Advance(length > 1 ? length : 0);
    }
}
