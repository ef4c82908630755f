using System.Text.Json.Nodes;
using FaultTolerance.Cluster;

namespace FaultTolerance.Deployments.Platform;

/// <summary>Objects of the stand-in's platform, known by their label; others of the same name are somebody else's and stay.</summary>
/// <param name="session">Where.</param>
internal sealed class PlatformObjects(ClusterSession session)
{
    /// <summary>Whether it carries the platform's label.</summary>
    public static bool IsOurs(JsonObject? item) => item?["metadata"]?["labels"]?[StandInPlatform.PartOf]?.GetValue<string>() == StandInPlatform.Ours;

    /// <summary>Its name.</summary>
    public static string NameOf(JsonObject item) => item["metadata"]!["name"]!.GetValue<string>();

    /// <summary>Creates it, or brings what is there up to date.</summary>
    /// <returns><c>Kind/name</c>.</returns>
    /// <exception cref="FaultMatrixException">FT0407: somebody else's object has the name.</exception>
    public async Task<string> ApplyAsync(ResourceType type, JsonObject body, CancellationToken cancellation)
    {
        var name = NameOf(body);
        if (await session.FindAsync<JsonObject>(type, name, cancellation) is not { } there)
        {
            await session.CreateAsync(type, body, cancellation);
        }
        else if (IsOurs(there))
        {
            await session.PatchAsync(type, name, body, cancellation);
        }
        else
        {
            throw new FaultMatrixException(
                "FT0407",
                $"{type.Kind} '{name}' in namespace '{session.Namespace}' is not the stand-in's and stays as it is; choose another --namespace"
            );
        }

        return $"{type.Kind}/{name}";
    }
}
