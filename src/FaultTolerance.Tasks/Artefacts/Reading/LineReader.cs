using System.Buffers;

namespace FaultTolerance.Artefacts.Reading;

/// <summary>
/// Reads a file line by line as bytes, without a copy or a string per line. Lines longer than the limit are skipped and counted.
/// </summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>A line longer than this is no log line.</summary>
    public const int MaxLine = 64 * 1024 * 1024;

    private readonly FileStream _file;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _start;
    private int _end;
    private bool _ended;

    public LineReader(string path) =>
        _file = new FileStream(
            path,
            new FileStreamOptions
            {
                BufferSize = 0,
                Options = FileOptions.SequentialScan,
                Share = FileShare.ReadWrite | FileShare.Delete,
            }
        );

    /// <summary>The number of the line last read, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Whether the line last read had no line feed: the file may have been cut off in it.</summary>
    public bool Unterminated { get; private set; }

    /// <summary>Whether the line last read was too long and is given empty.</summary>
    public bool TooLong { get; private set; }

    /// <summary>The next line without its end; false at the end of the file. It holds until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        TooLong = false;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = Take(searched + found, 1);
                return true;
            }

            searched = _end - _start;
            if (searched > MaxLine)
            {
                (TooLong, _start, _end, searched) = (true, 0, 0, 0);
            }

            if (!Fill())
            {
                // Also where the rest of an overlong last line was thrown away.
                Unterminated = searched > 0 || TooLong;
                line = Unterminated ? Take(searched, 0) : default;
                return Unterminated;
            }
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private ReadOnlySpan<byte> Take(int length, int terminator)
    {
        TooLong |= length > MaxLine;
        var line = TooLong ? default : _buffer.AsSpan(_start, length);
        _start += length + terminator;
        if (++Number == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        return line.TrimEnd((byte)'\r');
    }

    private bool Fill()
    {
        if (_ended)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = _file.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
        return !_ended;
    }
}
