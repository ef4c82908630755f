using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>Answers of a name server to questions for addresses (RFC 1035), as far as a cluster's own names go; pure.</summary>
internal static class NameAnswers
{
    private const int HeaderBytes = 12;
    private const int A = 1, Internet = 1, NoSuchName = 3;
    private const int Seconds = 5;

    /// <summary>The name that a message asks for, in small letters; null where it asks for none.</summary>
    public static (string Name, int Type, int End)? Question(ReadOnlySpan<byte> message)
    {
        var name = new StringBuilder();
        var at = HeaderBytes;
        while (at < message.Length && message[at] is var length and > 0 and < 64 && at + length < message.Length)
        {
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(message.Slice(at + 1, length)).ToLowerInvariant());
            at += length + 1;
        }

        return at + 5 <= message.Length && message[at] == 0
            ? (name.ToString(), BinaryPrimitives.ReadUInt16BigEndian(message[(at + 1)..]), at + 5) : null;
    }

    /// <summary>The answer to a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="addresses">Addresses of a name; null where there is no such name.</param>
    /// <returns>Null where it is no question.</returns>
    public static byte[]? Of(ReadOnlySpan<byte> message, Func<string, IReadOnlyList<IPAddress>?> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (Question(message) is not var (name, type, end))
        {
            return null;
        }

        var found = addresses(name);
        var given = type == A ? found ?? [] : [];
        var answer = new List<byte>(message[..end].ToArray());
        (answer[2], answer[3]) = (0x85, (byte)(0x80 | (found is null ? NoSuchName : 0)));
        (answer[6], answer[7], answer[8], answer[9], answer[10], answer[11]) = (0, (byte)given.Count, 0, 0, 0, 0);
        foreach (var address in given)
        {
            answer.AddRange([0xc0, HeaderBytes, 0, A, 0, Internet, 0, 0, 0, Seconds, 0, 4, .. address.GetAddressBytes()]);
        }

        return [.. answer];
    }
}
