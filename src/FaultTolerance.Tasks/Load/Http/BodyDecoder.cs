namespace FaultTolerance.Load.Http;

/// <summary>
/// Takes the framing off a body: a length, chunks (RFC 9112, 7.1), or everything until the connection closes. Any split of the
/// bytes gives the same content.
/// </summary>
internal struct BodyDecoder
{
    private enum State
    {
        Data,
        UntilClose,
        SizeFirst,
        Size,
        Extension,
        SizeLf,
        DataCr,
        DataLf,
        TrailerStart,
        Trailer,
        TrailerLf,
        EndLf,
        Done,
    }

    private readonly bool _chunked;
    private State _state;
    private long _left;

    public BodyDecoder(in ResponseHead head)
    {
        _chunked = head.Chunked;
        _left = Math.Max(0, head.ContentLength);
        _state = head.Status is 204 or 304 ? State.Done
            : head.Chunked ? State.SizeFirst
            : head.ContentLength < 0 ? State.UntilClose
            : head.ContentLength == 0 ? State.Done
            : State.Data;
    }

    /// <summary>The whole body was there.</summary>
    public readonly bool Done => _state == State.Done;

    /// <summary>The end of the connection is the end of the body.</summary>
    public readonly bool EndsWithConnection => _state == State.UntilClose;

    /// <summary>
    /// Takes the next run of content out of <paramref name="input"/>; returns how many bytes were used up, framing included.
    /// </summary>
    public int Next(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> content)
    {
        content = default;
        var at = 0;
        while (at < input.Length && _state != State.Done)
        {
            if (_state == State.UntilClose)
            {
                content = input[at..];
                return input.Length;
            }

            if (_state == State.Data)
            {
                var take = (int)Math.Min(_left, input.Length - at);
                content = input.Slice(at, take);
                _left -= take;
                if (_left == 0)
                {
                    _state = _chunked ? State.DataCr : State.Done;
                }

                return at + take;
            }

            Framing(input[at++]);
        }

        return at;
    }

    private void Framing(byte b)
    {
        switch (_state)
        {
            case State.SizeFirst or State.Size when Hex(b) is >= 0 and var digit:
                _left = _left > (long.MaxValue >> 5) ? throw Bad() : (_left << 4) + digit;
                _state = State.Size;
                break;
            case State.Size or State.Extension when b == '\r': _state = State.SizeLf; break;
            case State.Size when b is (byte)';' or (byte)' ' or (byte)'\t': _state = State.Extension; break;
            case State.Extension when b != '\n': break;
            case State.SizeLf when b == '\n': _state = _left == 0 ? State.TrailerStart : State.Data; break;
            case State.DataCr when b == '\r': _state = State.DataLf; break;
            case State.DataLf when b == '\n': _state = State.SizeFirst; break;
            case State.TrailerStart when b == '\r': _state = State.EndLf; break;
            case State.TrailerStart or State.Trailer when b is not ((byte)'\r' or (byte)'\n'): _state = State.Trailer; break;
            case State.Trailer when b == '\r': _state = State.TrailerLf; break;
            case State.TrailerLf when b == '\n': _state = State.TrailerStart; break;
            case State.EndLf when b == '\n': _state = State.Done; break;
            default: throw Bad();
        }
    }

    private static int Hex(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };

    private static HttpFormatException Bad() => new("the chunks of the body are not well formed");
}
