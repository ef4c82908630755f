using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// <c>neighbour</c>: a pod of another graph in the Dynamo namespace of this one came, or went. What is in one Dynamo namespace serves
/// everything in it.
/// </summary>
/// <param name="Pod">The pod.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Graph">Its graph; null where it does not say.</param>
/// <param name="Space">The Dynamo namespace.</param>
/// <param name="Gone">Whether it went.</param>
internal sealed record NeighbourChanged(string? Pod, string? Uid, string? Graph, string? Space, bool? Gone) : TimelineEvent
{
    internal const string EventName = "neighbour";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Text("pod", Pod);
        json.Text("uid", Uid);
        json.Text("graph", Graph);
        json.Text("dynamoNamespace", Space);
        json.Truth("gone", Gone);
    }

    internal static NeighbourChanged Read(EventKeys keys) =>
        new(keys["pod"], keys["uid"], keys["graph"], keys["dynamoNamespace"], keys.Truth("gone"));
}
