using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// <c>external</c>: the row's failure comes from outside. Nothing is injected; damage is looked for, at the time that the file names, at
/// marks, or anywhere.
/// </summary>
/// <param name="After">When the file says that it comes, seconds from the first request; null where it does not say.</param>
internal sealed record ExternalExpected(double? After) : TimelineEvent
{
    internal const string EventName = "external";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json) => json.Number("after", After);

    internal static ExternalExpected Read(EventKeys keys) => new(keys.Seconds("after"));
}

/// <summary><c>mark</c>: somebody says that something happens now.</summary>
/// <param name="Text">What.</param>
internal sealed record Marked(string? Text) : TimelineEvent
{
    internal const string EventName = "mark";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json) => json.Text("text", Text);

    internal static Marked Read(EventKeys keys) => new(keys["text"]);
}
