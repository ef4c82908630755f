using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>endpoint</c>: an endpoint of a Service of the cluster became ready, or is ready no more.</summary>
/// <param name="Service">The cluster's name of the Service, which is not the graph's name of the service.</param>
/// <param name="Pod">The pod that it leads to.</param>
/// <param name="Ready">Whether it is ready.</param>
internal sealed record EndpointChanged(string? Service, string? Pod, bool? Ready) : TimelineEvent
{
    internal const string EventName = "endpoint";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Id("service", Service);
        json.Id("pod", Pod);
        json.Truth("ready", Ready);
    }

    internal static EndpointChanged Read(EventKeys keys) => new(keys["service"], keys["pod"], keys.Truth("ready"));
}
