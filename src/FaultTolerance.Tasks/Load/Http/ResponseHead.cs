using System.Buffers.Text;
using System.Text;

namespace FaultTolerance.Load.Http;

/// <summary>What a response's head says that matters here.</summary>
internal readonly record struct ResponseHead
{
    /// <summary>Status code, 100 to 599.</summary>
    public int Status { get; init; }

    /// <summary>Length of the body, -1 when not said.</summary>
    public long ContentLength { get; init; }

    /// <summary>The body comes in chunks.</summary>
    public bool Chunked { get; init; }

    /// <summary>The connection may be used again.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>Seconds for which the server keeps an idle connection, by its <c>Keep-Alive: timeout</c>; null when not said.</summary>
    public int? KeepAliveTimeout { get; init; }

    /// <summary>The body's <c>Content-Encoding</c>; null for none.</summary>
    public string? Encoding { get; init; }

    /// <summary>Where a redirect (3xx) leads; null for none.</summary>
    public string? Location { get; init; }

    /// <summary>The body is a stream of server-sent events.</summary>
    public bool EventStream { get; init; }

    /// <summary>
    /// How long after the answer the connection may be used again, in ticks of a clock: until a second before the server would close it, or
    /// for half of its time where that is more. The close may be on its way already when a request is written.
    /// </summary>
    public long FitFor(TimeProvider time) => KeepAliveTimeout is { } seconds
        ? (long)(Math.Max(seconds - 1, seconds / 2.0) * time.TimestampFrequency)
        : long.MaxValue / 2;

    /// <summary>Parses a head, from the status line up to and without the empty line (RFC 9112).</summary>
    public static ResponseHead Parse(ReadOnlySpan<byte> head)
    {
        var line = NextLine(ref head);
        if (
            line.Length < 12
            || !line.StartsWith("HTTP/1."u8)
            || line[8] != ' '
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var used)
            || used != 3
            || (line.Length > 12 && line[12] != ' ')
            || status is < 100 or > 599
        )
        {
            throw new HttpFormatException(
                ForeignProtocol.MayBeHttp(line) ? $"not an HTTP/1.1 status line: {Quote(line)}" : ForeignProtocol.Name(line)
            );
        }

        var length = -1L;
        bool chunked = false, keepAlive = line[7] != (byte)'0', events = false;
        int? timeout = null;
        string? encoding = null, location = null;
        while (!head.IsEmpty)
        {
            line = NextLine(ref head);
            var colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                throw new HttpFormatException($"not an HTTP header: {Quote(line)}");
            }

            var name = line[..colon];
            var value = Trim(line[(colon + 1)..]);
            if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
            {
                if (
                    !Utf8Parser.TryParse(value, out long said, out used)
                    || used != value.Length
                    || said < 0
                    || (length >= 0 && said != length)
                )
                {
                    throw new HttpFormatException($"not a content length: {Quote(value)}");
                }

                length = said;
            }
            else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
            {
                chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8)
                    ? true
                    : throw new HttpFormatException($"unknown transfer encoding: {Quote(value)}");
            }
            else if (Ascii.EqualsIgnoreCase(name, "connection"u8))
            {
                keepAlive = Ascii.EqualsIgnoreCase(value, "keep-alive"u8)
                    || (keepAlive && !Ascii.EqualsIgnoreCase(value, "close"u8));
            }
            else if (Ascii.EqualsIgnoreCase(name, "keep-alive"u8))
            {
                timeout = Timeout(value);
            }
            else if (Ascii.EqualsIgnoreCase(name, "content-encoding"u8))
            {
                encoding = value.IsEmpty || Ascii.EqualsIgnoreCase(value, "identity"u8) ? null : Quote(value);
            }
            else if (status is >= 300 and <= 399 && Ascii.EqualsIgnoreCase(name, "location"u8))
            {
                location = System.Text.Encoding.Latin1.GetString(value[..Math.Min(value.Length, 300)]);
            }
            else if (Ascii.EqualsIgnoreCase(name, "content-type"u8))
            {
                events = value.Length >= 17 && Ascii.EqualsIgnoreCase(value[..17], "text/event-stream"u8);
            }
        }

        return new()
        {
            Status = status,
            ContentLength = length,
            Chunked = chunked,
            KeepAlive = keepAlive,
            KeepAliveTimeout = timeout,
            Encoding = encoding,
            Location = location,
            EventStream = events,
        };
    }

    // Keep-Alive: timeout=5, max=100 (RFC 2068, 19.7.1.1).
    private static int? Timeout(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            var part = Trim(value[range]);
            if (
                part.Length > 8
                && Ascii.EqualsIgnoreCase(part[..8], "timeout="u8)
                && Utf8Parser.TryParse(part[8..], out int seconds, out _)
                && seconds >= 0
            )
            {
                return seconds;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf("\r\n"u8);
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 2)..];
        return line;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    private static string Quote(ReadOnlySpan<byte> bytes) =>
        "'" + System.Text.Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 80)]) + "'";
}
