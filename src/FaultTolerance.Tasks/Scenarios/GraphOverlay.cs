using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios;

/// <summary>What a profile adds to every graph it deploys.</summary>
/// <param name="Environment">Variables for every service.</param>
/// <param name="Services">
/// JSON merge patches (RFC 7396) for services, by service name, by role, or <c>*</c> for all; a more specific one is applied later.
/// In a DynamoGraphDeployment the service object is patched; in plain manifests the pod's container.
/// </param>
internal sealed record GraphOverlay(
    ImmutableSortedDictionary<string, string> Environment,
    ImmutableSortedDictionary<string, JsonObject> Services
)
{
    /// <summary>Adds nothing.</summary>
    public static GraphOverlay None { get; } =
        new(ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, JsonObject>.Empty);

    /// <summary>This one on top of another: what both say, this one says.</summary>
    public GraphOverlay Over(GraphOverlay older)
    {
        ArgumentNullException.ThrowIfNull(older);
        var services = older.Services.ToBuilder();
        foreach (var (name, patch) in Services)
        {
            services[name] = older.Services.TryGetValue(name, out var below) ? Composed(below, patch) : patch;
        }

        return new GraphOverlay(older.Environment.SetItems(Environment), services.ToImmutable());
    }

    // The patch that does what the two do one after the other; a null in it still takes the key away from what is patched.
    private static JsonObject Composed(JsonObject below, JsonObject above)
    {
        var both = (JsonObject)below.DeepClone();
        foreach (var (key, value) in above)
        {
            both[key] = value is JsonObject inner && both[key] is JsonObject under ? Composed(under, inner) : value?.DeepClone();
        }

        return both;
    }
}
