using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>replicas</c>: somebody, as a planner, changed how many replicas a service of the graph is to have.</summary>
/// <param name="Service">The service.</param>
/// <param name="Before">How many it was to have.</param>
/// <param name="Wanted">How many it is to have from now on.</param>
internal sealed record ReplicasChanged(string? Service, long? Before, long? Wanted) : TimelineEvent
{
    internal const string EventName = "replicas";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Id("service", Service);
        json.Whole("before", Before);
        json.Whole("wanted", Wanted);
    }

    internal static ReplicasChanged Read(EventKeys keys) => new(keys["service"], keys.Whole("before"), keys.Whole("wanted"));
}
