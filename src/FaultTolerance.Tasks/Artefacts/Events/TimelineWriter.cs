using System.Buffers;
using FaultTolerance.Runs;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// Appends events to <c>timeline.jsonl</c>. One write a line on a file opened for appending, so that several threads and several
/// processes (<c>Load</c> in one terminal, <c>Inject</c> in another) can share the file.
/// </summary>
internal sealed class TimelineWriter : IDisposable
{
    private readonly AppendFile _file;

    /// <summary>Opens the file for appending, and makes it where it is not there.</summary>
    public TimelineWriter(string path, RunClock clock) => (_file, Path, Clock) = (new AppendFile(path), path, clock);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The clock that stamps.</summary>
    public RunClock Clock { get; }

    /// <summary>Appends an event that happens now.</summary>
    /// <returns>Its stamp.</returns>
    public DateTimeOffset Write(TimelineEvent item)
    {
        var now = Clock.Now;
        Write(now, item);
        return now;
    }

    /// <summary>Appends an event that happened at <paramref name="at"/>.</summary>
    public void Write(DateTimeOffset at, TimelineEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var buffer = new ArrayBufferWriter<byte>(256);
        EventLine.Write(buffer, at, item);
        _file.Write(buffer.WrittenSpan);
    }

    /// <summary>The first write that failed, or null; nothing was written from then on.</summary>
    public FaultMatrixException? Failure => _file.Failure;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
