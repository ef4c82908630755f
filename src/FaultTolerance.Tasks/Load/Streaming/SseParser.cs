using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load.Streaming;

/// <summary>Takes the events of a stream.</summary>
internal interface ISseHandler
{
    /// <summary>An event with data. The span is valid during the call.</summary>
    void OnEvent(ReadOnlySpan<byte> data);
}

/// <summary>
/// Server-sent events (WHATWG HTML, 9.2.6) out of any split of their bytes. An event that lies whole inside one part is handed on
/// where it lies; only what straddles two parts is copied. Field names other than <c>data</c> carry nothing that is needed here.
/// </summary>
internal sealed class SseParser
{
    private const int MaxEvent = 1024 * 1024;
    private readonly ByteBuffer _line = new();
    private readonly ByteBuffer _data = new();
    private bool _hasData;
    private bool _afterCr;
    private bool _started;

    /// <summary>Takes the next part of the stream.</summary>
    public void Feed<THandler>(ReadOnlySpan<byte> part, THandler handler)
        where THandler : ISseHandler
    {
        // Data of an event whose end has not come: where it lies in this part, or in _data once it straddles.
        ReadOnlySpan<byte> here = default;
        var lies = false;
        while (!part.IsEmpty)
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (part[0] == '\n')
                {
                    part = part[1..];
                    continue;
                }
            }

            var end = part.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                Bound(_line.Length + part.Length);
                _line.Append(part);
                break;
            }

            var straddles = _line.Length > 0;
            if (straddles)
            {
                _line.Append(part[..end]);
            }

            var line = straddles ? _line.Written : part[..end];
            _afterCr = part[end] == '\r';
            part = part[(end + 1)..];
            if (!_started)
            {
                _started = true;
                line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
            }

            if (line.IsEmpty)
            {
                if (_hasData)
                {
                    handler.OnEvent(lies ? here : _data.Written);
                }

                _hasData = lies = false;
                _data.Clear();
            }
            else if (TryData(line, out var data))
            {
                Bound(_data.Length + here.Length + data.Length);
                if (!_hasData && !straddles)
                {
                    here = data;
                    lies = true;
                }
                else
                {
                    Keep(ref lies, here);
                    if (_hasData)
                    {
                        _data.Append((byte)'\n');
                    }

                    _data.Append(data);
                }

                _hasData = true;
            }

            if (straddles)
            {
                _line.Clear();
            }
        }

        Keep(ref lies, here);
    }

    private static bool TryData(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (!line.StartsWith("data"u8))
        {
            return false;
        }

        if (line.Length == 4)
        {
            return true;
        }

        if (line[4] != ':')
        {
            return false;
        }

        data = line[(line.Length > 5 && line[5] == ' ' ? 6 : 5)..];
        return true;
    }

    private static void Bound(int length)
    {
        if (length > MaxEvent)
        {
            throw new HttpFormatException($"an event of the stream is longer than {MaxEvent} bytes");
        }
    }

    private void Keep(ref bool lies, ReadOnlySpan<byte> here)
    {
        if (lies)
        {
            _data.Append(here);
            lies = false;
        }
    }
}
