using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// <c>health</c>: a pod's <c>/health</c> answers otherwise than when it was last asked, or for the first time. The stamp is the answer's.
/// </summary>
/// <param name="Service">The pod's service.</param>
/// <param name="Pod">The pod.</param>
/// <param name="Status">The status; 0 where there was no answer, null where the pod is there no more.</param>
internal sealed record HealthAnswered(string? Service, string? Pod, long? Status) : TimelineEvent
{
    internal const string EventName = "health";

    /// <summary>What says that the pod is well.</summary>
    public const int Good = 200;

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Id("service", Service);
        json.Id("pod", Pod);
        json.Whole("status", Status);
    }

    internal static HealthAnswered Read(EventKeys keys) => new(keys["service"], keys["pod"], keys.Whole("status"));
}
