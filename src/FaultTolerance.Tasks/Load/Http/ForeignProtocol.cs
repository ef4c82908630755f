using System.Text;

namespace FaultTolerance.Load.Http;

/// <summary>Tells from its first bytes what speaks at a port that does not speak HTTP/1.1.</summary>
internal static class ForeignProtocol
{
    /// <summary>Bytes that are enough to tell.</summary>
    public const int Enough = 9;

    private const int Quoted = 60;

    /// <summary>Whether an answer that begins so can still be HTTP/1.1.</summary>
    public static bool MayBeHttp(ReadOnlySpan<byte> first) => "HTTP/"u8.StartsWith(first[..Math.Min(5, first.Length)]);

    /// <summary>A TLS record: a handshake, or an alert about what it was sent.</summary>
    public static bool IsTls(ReadOnlySpan<byte> first) => first.Length >= 3 && first[0] is >= 0x14 and <= 0x17 && first[1] == 3;

    /// <summary>A frame that a server of HTTP/2 begins with (SETTINGS), or ends with (GOAWAY): on stream 0.</summary>
    public static bool IsHttp2(ReadOnlySpan<byte> first) =>
        first.Length >= Enough && first[0] == 0 && first[3] is 4 or 7 && first[5..Enough].IndexOfAnyExcept((byte)0) < 0;

    /// <summary>What it is, for a message.</summary>
    public static string Name(ReadOnlySpan<byte> first) => IsTls(first) ? Tls
        : IsHttp2(first) ? Http2
        : $"the answer has no HTTP/1.1 status line (HTTP/0.9, or no HTTP at all): '{Printable(first)}'";

    /// <summary>For a port that speaks TLS.</summary>
    public const string Tls = "the port speaks TLS, and plain HTTP/1.1 is what is asked: give the port without TLS";

    /// <summary>For a port that speaks HTTP/2 alone.</summary>
    public const string Http2 = "the port speaks HTTP/2 only, and HTTP/1.1 is what is asked";

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(Quoted);
        foreach (var b in bytes[..Math.Min(bytes.Length, Quoted)])
        {
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '.');
        }

        return text.ToString();
    }
}
