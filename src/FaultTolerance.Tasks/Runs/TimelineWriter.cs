using System.Buffers;
using System.Text.Json;

namespace FaultTolerance.Runs;

/// <summary>
/// Appends events to <c>timeline.jsonl</c>. One write a line on a file opened for appending, so that several threads and several
/// processes (<c>Load</c> in one terminal, <c>Inject</c> in another) can share the file.
/// </summary>
public sealed class TimelineWriter : IDisposable
{
    private readonly AppendFile _file;

    /// <summary>Opens the file for appending, and makes it where it is not there.</summary>
    public TimelineWriter(string path, RunClock clock) => (_file, Clock) = (new AppendFile(path), clock);

    /// <summary>The clock that stamps.</summary>
    public RunClock Clock { get; }

    /// <summary>Appends an event that happens now.</summary>
    public DateTimeOffset Write(string eventName, Action<Utf8JsonWriter>? keys = null)
    {
        var now = Clock.Now;
        Write(now, eventName, keys);
        return now;
    }

    /// <summary>Appends an event that happened at <paramref name="at"/>.</summary>
    public void Write(DateTimeOffset at, string eventName, Action<Utf8JsonWriter>? keys = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("at", RunClock.Format(at));
            json.WriteString("event", eventName);
            keys?.Invoke(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        _file.Write(buffer.WrittenSpan);
    }

    /// <summary>The first write that failed, or null; nothing was written from then on.</summary>
    public FaultMatrixException? Failure => _file.Failure;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
