using System.Buffers.Text;

namespace FaultTolerance.LocalCluster.Api.Streams;

/// <summary>
/// Messages of the base64 protocols: the channel's digit, then base64. A message that comes in pieces is decoded piece by piece.
/// </summary>
internal sealed class Base64Message
{
    private const int Group = 4;
    private readonly List<byte> _left = [];

    /// <summary>A message as text; its first byte is the channel.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> message)
    {
        var text = new byte[1 + Base64.GetMaxEncodedToUtf8Length(message.Length - 1)];
        text[0] = (byte)('0' + message[0]);
        Base64.EncodeToUtf8(message[1..], text.AsSpan(1), out _, out _);
        return text;
    }

    /// <summary>What a piece of a message's text holds, with what was left of the piece before it.</summary>
    /// <exception cref="IOException">It is no base64.</exception>
    public ReadOnlyMemory<byte> Decode(ReadOnlySpan<byte> piece, bool isLast)
    {
        _left.AddRange(piece);
        var whole = _left.Count / Group * Group;
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(whole)];
        var status = Base64.DecodeFromUtf8([.. _left[..whole]], decoded, out _, out var count);
        _left.RemoveRange(0, whole);
        return status == System.Buffers.OperationStatus.Done && !(isLast && _left.Count > 0)
            ? decoded.AsMemory(0, count)
            : throw new IOException("a message that is no base64");
    }
}
