using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// An event that this version does not know: of a newer one, or of another tool. It is kept as it stands and passed over.
/// </summary>
internal sealed record OtherEvent : TimelineEvent
{
    internal OtherEvent(string name) => Name = name;

    /// <inheritdoc/>
    public override string Name { get; }

    internal override void WriteKeys(Utf8JsonWriter json) => Keys.Write(json);
}
