namespace FaultTolerance.Artefacts.Events;

/// <summary>Reads what was added to a timeline since it was last asked, by whichever process. Not for several threads at once.</summary>
/// <param name="path">The timeline; it may not be there yet.</param>
internal sealed class TimelineFollower(string path)
{
    // A line is one write of a few hundred bytes; what is longer is read at the next call.
    private const int Most = 1024 * 1024;
    private long _position;

    /// <summary>The events of whole lines, in the order of the lines. What cannot be read now is read later.</summary>
    public IReadOnlyList<TimelineEvent> Next()
    {
        var events = new List<TimelineEvent>();
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.Position = _position;
            var bytes = new byte[(int)Math.Clamp(file.Length - _position, 0, Most)];
            var held = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var whole = bytes.AsSpan(0, held).LastIndexOf((byte)'\n') + 1;
            _position += whole;
            foreach (var line in bytes.AsSpan(0, whole).Split((byte)'\n'))
            {
                if (EventLine.Read(bytes.AsSpan(line), 0, out _) is { } item)
                {
                    events.Add(item);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is not there yet, or not to be read for the moment.
        }

        return events;
    }
}
