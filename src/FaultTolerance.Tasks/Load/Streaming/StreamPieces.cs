using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Streaming;

/// <summary>
/// The text of a stream, event by event, as a JSON list: what is needed to compare it with another answer to the same prompt. A stream
/// longer than <see cref="MostBytes"/> is cut there, and says so.
/// </summary>
/// <param name="mostBytes">The most that is kept, without the last event.</param>
internal sealed class StreamPieces(int mostBytes = StreamPieces.MostBytes)
{
    /// <summary>Bytes of a stream that are kept.</summary>
    public const int MostBytes = 1024 * 1024;

    private readonly ByteBuffer _list = new();
    private bool _inEvent;

    /// <summary>Whether what came later was left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        _list.Clear();
        _inEvent = false;
        IsCut = false;
    }

    /// <summary>Adds text of the event under way, escaped as JSON has it.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && Begin())
        {
            PythonJson.Escaped(_list, text);
        }
    }

    /// <summary>The event is over; one with output and without text is an empty piece.</summary>
    public void EndEvent()
    {
        if (Begin())
        {
            _list.Append((byte)'"');
            _inEvent = false;
        }
    }

    /// <summary>Writes the list; nothing where no event came.</summary>
    public void WriteTo(ByteBuffer to)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (_list.Length == 0)
        {
            return;
        }

        to.Append(_list.Written);
        // An event may have been cut off inside.
        to.Append(_inEvent ? "\"]"u8 : "]"u8);
    }

    // False: there is no room for another event.
    private bool Begin()
    {
        if (_inEvent)
        {
            return true;
        }

        IsCut |= _list.Length >= mostBytes;
        if (IsCut)
        {
            return false;
        }

        _list.Append(_list.Length == 0 ? "[\""u8 : ", \""u8);
        _inEvent = true;
        return true;
    }
}
