using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios;

/// <summary>What a profile adds to every graph it deploys.</summary>
/// <param name="Environment">Variables for every service.</param>
/// <param name="Services">
/// JSON merge patches (RFC 7396) for services, by service name, by role, or <c>*</c> for all; a more specific one is applied later.
/// In a DynamoGraphDeployment the service object is patched; in plain manifests the pod's container.
/// </param>
public sealed record GraphOverlay(ImmutableSortedDictionary<string, string> Environment, ImmutableSortedDictionary<string, JsonObject> Services)
{
    /// <summary>Adds nothing.</summary>
    public static GraphOverlay None { get; } =
        new(ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, JsonObject>.Empty);
}
