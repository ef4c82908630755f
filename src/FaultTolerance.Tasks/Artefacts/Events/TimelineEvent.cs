using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// One line of <c>timeline.jsonl</c>. Each kind of event is a record of its own, which knows its keys and writes and reads them. What a
/// property has no value for is not written; a line that lacks it, of an older version or of another tool, reads as null.
/// </summary>
internal abstract record TimelineEvent
{
    /// <summary>The line's stamp, UTC ticks. The writer sets it.</summary>
    public long At { get; init; }

    /// <summary>Its line in the file, from 1; 0 where it was not read from one.</summary>
    public int Line { get; init; }

    /// <summary>The event's name in the file.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// When it happened, UTC ticks: the source's own stamp where that is to be trusted more than the runner's, else <see cref="At"/>.
    /// </summary>
    public virtual long Happened => At;

    /// <summary>
    /// The keys of the line that it was read from, those that this version does not know among them; empty where it was not read.
    /// </summary>
    public EventKeys Keys { get; init; } = EventKeys.None;

    /// <summary>Writes the event's own keys, in their order.</summary>
    internal abstract void WriteKeys(Utf8JsonWriter json);
}
