using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// <c>way</c>: our own way to a frontend (the API server, the kubelet behind it) carries nothing any more, or carries again. It says
/// nothing of the frontend.
/// </summary>
/// <param name="Pod">The frontend's pod.</param>
/// <param name="Open">Whether it carries.</param>
/// <param name="Reason">What broke, and how that was seen; null where it carries.</param>
/// <param name="Since">When the first look that found it so began, UTC ticks; null in lines that do not say.</param>
internal sealed record WayChanged(string? Pod, bool? Open, string? Reason, long? Since) : TimelineEvent
{
    internal const string EventName = "way";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <inheritdoc/>
    public override long Happened => Since ?? At;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Text("pod", Pod);
        json.Truth("open", Open);
        json.Text("reason", Reason);
        json.Stamp("since", Since);
    }

    internal static WayChanged Read(EventKeys keys) => new(keys["pod"], keys.Truth("open"), keys["reason"], keys.Stamp("since"));
}
