using System.Collections.Immutable;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.Events;

/// <summary>A scenario's timeline in the order of its stamps; equal stamps keep the order of their lines.</summary>
internal sealed class Timeline
{
    private Timeline(string file) => Findings = new DiagnosticBag(file);

    /// <summary>Whether the file is there; the reference suite writes none.</summary>
    public bool Exists { get; private init; }

    /// <summary>All events, those of newer versions too (<see cref="OtherEvent"/>).</summary>
    public ImmutableArray<TimelineEvent> Events { get; private set; } = [];

    /// <summary>Lines that could not be read.</summary>
    internal DiagnosticBag Findings { get; }

    /// <summary>The events of a kind, or of all kinds that a record stands above.</summary>
    public IEnumerable<T> Of<T>()
        where T : TimelineEvent => Events.OfType<T>();

    /// <summary>Reads the file. It throws nothing: what cannot be read is a finding.</summary>
    public static Timeline Read(string path)
    {
        if (!File.Exists(path))
        {
            return new Timeline(path);
        }

        var timeline = new Timeline(path) { Exists = true };
        var events = new List<TimelineEvent>();
        try
        {
            using var lines = new LineReader(path);
            while (lines.TryRead(out var line))
            {
                if (line.Trim(" \t"u8).IsEmpty && !lines.TooLong)
                {
                    continue;
                }

                if (EventLine.Read(line, lines.Number, out var why) is { } item)
                {
                    events.Add(item);
                }
                else
                {
                    timeline.Findings.BrokenLine(lines.Number, lines.Unterminated ? $"cut off ({why})" : why);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            timeline.Findings.Add(ParseCodes.Unreadable, Severity.Error, $"cannot be read: {error.Message}");
        }

        timeline.Events = [.. events.OrderBy(item => item.At).ThenBy(item => item.Line)];
        return timeline;
    }
}
