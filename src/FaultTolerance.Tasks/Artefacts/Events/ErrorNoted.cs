using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>error</c>: something went wrong that the run goes on with.</summary>
/// <param name="Code">Its code, <c>FTxxxx</c>.</param>
/// <param name="Message">What went wrong.</param>
internal sealed record ErrorNoted(string? Code, string? Message) : TimelineEvent
{
    internal const string EventName = "error";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.WriteString("code", Code);
        json.WriteString("message", Message is null ? null : SecretText.Hide(ForeignText.Line(Message)));
    }

    internal static ErrorNoted Read(EventKeys keys) => new(keys["code"], keys["message"]);
}
