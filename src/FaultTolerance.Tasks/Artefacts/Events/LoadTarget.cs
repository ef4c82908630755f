using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>load.target</c>: the load goes to a service by its address. There are no pods, so nothing of them is collected.</summary>
/// <param name="Url">The address; no secret is in it.</param>
/// <param name="Http">The HTTP version.</param>
/// <param name="Model">The model that is asked for.</param>
internal sealed record LoadTarget(string? Url, string? Http, string? Model) : TimelineEvent
{
    internal const string EventName = "load.target";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Text("url", Url);
        json.Text("http", Http);
        json.Text("model", Model);
    }

    internal static LoadTarget Read(EventKeys keys) => new(keys["url"], keys["http"], keys["model"]);
}
