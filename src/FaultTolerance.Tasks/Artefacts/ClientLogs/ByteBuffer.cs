using System.Buffers.Text;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>
/// A growing run of bytes that is filled, read and emptied again and again, so that a request allocates nothing for its text.
/// </summary>
internal sealed class ByteBuffer(int capacity = 0)
{
    private byte[] _bytes = capacity == 0 ? [] : new byte[capacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What was written, to be changed in place; valid until the next write.</summary>
    public Span<byte> Writable => _bytes.AsSpan(0, Length);

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>
    /// Empties the buffer; room above <paramref name="keep"/> bytes is given back, so that one huge answer is not held for ever.
    /// </summary>
    public void Clear(int keep = 64 * 1024)
    {
        Length = 0;
        if (_bytes.Length > keep)
        {
            _bytes = [];
        }
    }

    /// <summary>Cuts back to an earlier <see cref="Length"/>.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Room for at least <paramref name="size"/> bytes; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> GetSpan(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Grow(size);
        }

        return _bytes.AsSpan(Length);
    }

    /// <summary>Takes bytes written to <see cref="GetSpan"/> in.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Appends one byte.</summary>
    public void Append(byte value)
    {
        GetSpan(1)[0] = value;
        Length++;
    }

    /// <summary>Appends a whole number.</summary>
    public void Append(long value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(20), out var written);
        Length += written;
    }

    // Apart, so that the common case is small enough to be put in line.
    private void Grow(int size) =>
        Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)_bytes.Length * 2, Math.Max(256, (long)Length + size))));
}
