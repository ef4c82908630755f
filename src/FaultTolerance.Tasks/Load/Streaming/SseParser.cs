using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load.Streaming;

/// <summary>
/// Server-sent events (WHATWG HTML, 9.2.6) out of any split of their bytes, with what services do beside the standard: errors as an event
/// of
/// that name, with or without data; a bare line of JSON; an end marker without the empty line after it. An event that lies whole inside
/// one part is handed on where it lies; only what straddles two parts is copied.
/// </summary>
internal sealed class SseParser
{
    private const int MaxEvent = 1024 * 1024;
    private const int MaxComment = 500;
    private readonly ByteBuffer _line = new();
    private readonly ByteBuffer _data = new();
    private readonly ByteBuffer _comment = new();
    private EventName _name;
    private bool _hasData;
    private bool _afterCr;
    private bool _started;

    private enum EventName
    {
        Message,
        Error,
        Other,
    }

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
                Dispatch(lies ? here : _data.Written, handler);
                lies = false;
            }
            else if (!TryField(line, "data"u8, out var data))
            {
                Other(line, handler);
            }
            else if (!_hasData && _name == EventName.Message && IsEnd(data))
            {
                // The end needs no empty line after it.
                handler.OnEvent(data);
            }
            else
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

    /// <summary>The stream's bytes are over: a last line and an error event count without what should have ended them.</summary>
    public void End<THandler>(THandler handler)
        where THandler : ISseHandler
    {
        if (_line.Length > 0)
        {
            Feed("\n"u8, handler);
        }

        if (_name == EventName.Error)
        {
            Dispatch(_data.Written, handler);
        }
        else if (_hasData)
        {
            handler.OnCut(_data.Written);
        }
    }

    /// <summary>Whether data is the end marker of a chat completion; blanks around it are none of it.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> data) => data.Trim(" \t"u8).SequenceEqual("[DONE]"u8);

    private static bool TryField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!line.StartsWith(name))
        {
            return false;
        }

        if (line.Length == name.Length)
        {
            return true;
        }

        if (line[name.Length] != ':')
        {
            return false;
        }

        value = line[(name.Length + 1)..];
        value = value.StartsWith(" "u8) ? value[1..] : value;
        return true;
    }

    private static void Bound(int length)
    {
        if (length > MaxEvent)
        {
            throw new HttpFormatException($"an event of the stream is longer than {MaxEvent} bytes");
        }
    }

    private void Dispatch<THandler>(ReadOnlySpan<byte> data, THandler handler)
        where THandler : ISseHandler
    {
        if (_name == EventName.Error)
        {
            handler.OnError(data.IsEmpty ? _comment.Written : data);
        }
        else if (_hasData && (_name == EventName.Message || data.IndexOf("\"choices\""u8) >= 0))
        {
            // Events of other names are annotations, unless they carry an answer all the same.
            handler.OnEvent(data);
        }

        _hasData = false;
        _name = EventName.Message;
        _data.Clear();
        _comment.Clear();
    }

    private void Other<THandler>(ReadOnlySpan<byte> line, THandler handler)
        where THandler : ISseHandler
    {
        if (line[0] == ':')
        {
            _comment.Clear();
            var text = line[1..].Trim(" \t"u8);
            _comment.Append(text[..Math.Min(text.Length, MaxComment)]);
        }
        else if (TryField(line, "event"u8, out var name))
        {
            name = name.Trim(" \t"u8);
            _name = name.SequenceEqual("error"u8) ? EventName.Error
                : name.IsEmpty || name.SequenceEqual("message"u8) ? EventName.Message
                : EventName.Other;
        }
        else if (TryField(line, "error"u8, out var error))
        {
            handler.OnError(error);
        }
        else if (line[0] == '{')
        {
            handler.OnBare(line);
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
