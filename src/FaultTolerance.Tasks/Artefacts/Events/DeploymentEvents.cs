using System.Collections.Immutable;
using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>deployment.created</c>: the graph's objects are about to be created.</summary>
/// <param name="Graph">The graph's name.</param>
internal sealed record DeploymentCreated(string? Graph) : TimelineEvent
{
    internal const string EventName = "deployment.created";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json) => json.Id("name", Graph);

    internal static DeploymentCreated Read(EventKeys keys) => new(keys["name"]);
}

/// <summary><c>deployment.ready</c>: the graph's objects say that they are ready, and its model has answered.</summary>
/// <param name="Graph">The graph's name.</param>
/// <param name="Provider">What makes its pods, as its platform says: <c>grove</c>, <c>Deployment</c>; null where it says nothing.</param>
internal sealed record DeploymentReady(string? Graph, string? Provider = null) : TimelineEvent
{
    internal const string EventName = "deployment.ready";

    /// <inheritdoc/>
    public override string Name => EventName;

    /// <summary>The states that its objects told of themselves on the way, each once, in the order of their first sight.</summary>
    public ImmutableArray<string> States { get; init; } = [];

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Id("name", Graph);
        json.Text("provider", Provider);
        if (!States.IsDefaultOrEmpty)
        {
            json.WriteStartArray("states");
            foreach (var state in States)
            {
                json.WriteStringValue(state);
            }

            json.WriteEndArray();
        }
    }

    internal static DeploymentReady Read(EventKeys keys) => new(keys["name"], keys["provider"]) { States = keys.Texts("states") };
}
