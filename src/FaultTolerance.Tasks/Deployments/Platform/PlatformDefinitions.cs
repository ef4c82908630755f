using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Api;

namespace FaultTolerance.Deployments.Platform;

/// <summary>The resource definitions of the stand-in's platform: those of graphs and of what their workers say of themselves.</summary>
/// <param name="session">Where.</param>
/// <param name="definitions">The definitions, as the manifests have them.</param>
internal sealed class PlatformDefinitions(ClusterSession session, IReadOnlyList<JsonObject> definitions)
{
    private const string DynamoGroup = "nvidia.com";
    private const string GroveGroup = "grove.io";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Refuses a cluster in which a definition of these, or another of Dynamo's, is somebody else's.</summary>
    /// <exception cref="FaultMatrixException">FT0407.</exception>
    public async Task RefuseOthersAsync(CancellationToken cancellation)
    {
        var own = definitions.Select(PlatformObjects.NameOf).ToList();
        // The GPU operator is in the group too; Dynamo's own resources are what tells its platform.
        var foreign = (await ServedAsync(cancellation)).Where(name => !own.Contains(name, StringComparer.Ordinal)).ToList();
        foreach (var name in own)
        {
            if (
                await session.FindAsync<JsonObject>(ResourceType.Definitions, name, cancellation) is { } definition
                && !PlatformObjects.IsOurs(definition)
            )
            {
                foreign.Add($"a definition of {name} that is not the stand-in's");
            }
        }

        if (foreign.Count > 0)
        {
            var what = foreign.TrueForAll(name => name.Contains(GroveGroup, StringComparison.Ordinal)) ? "Grove" : "a Dynamo platform";
            throw new FaultMatrixException(
                "FT0407",
                $"this cluster has {what} ({string.Join(", ", foreign)}): the stand-in is not installed beside it, as both would act on the same graphs"
            );
        }
    }

    /// <summary>Applies them.</summary>
    /// <returns><c>Kind/name</c> of each.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellation)
    {
        var objects = new PlatformObjects(session);
        var applied = new List<string>();
        foreach (var definition in definitions)
        {
            applied.Add(await objects.ApplyAsync(ResourceType.Definitions, definition, cancellation));
        }

        return applied;
    }

    /// <summary>Completes when all their versions are served.</summary>
    public async Task WhenServedAsync(CancellationToken cancellation)
    {
        foreach (var definition in definitions)
        {
            var spec = definition["spec"]!;
            var wanted = spec["versions"]!.AsArray().Select(v => v!["name"]!.GetValue<string>()).ToArray();
            var (group, plural) = (spec["group"]!.GetValue<string>(), spec["names"]!["plural"]!.GetValue<string>());
            foreach (var version in wanted)
            {
                while (
                    !(await session.ServedVersionsAsync(group, cancellation)).Contains(version, StringComparer.Ordinal)
                    || !(await ResourcesAsync(group, version, cancellation)).Contains(plural, StringComparer.Ordinal)
                )
                {
                    await Task.Delay(Pause, session.Time, cancellation);
                }
            }
        }
    }

    /// <summary>Removes those that are the stand-in's.</summary>
    /// <returns><c>Kind/name</c> of each.</returns>
    public async Task<IReadOnlyList<string>> RemoveAsync(CancellationToken cancellation)
    {
        var removed = new List<string>();
        foreach (var name in definitions.Select(PlatformObjects.NameOf).Reverse())
        {
            if (
                PlatformObjects.IsOurs(await session.FindAsync<JsonObject>(ResourceType.Definitions, name, cancellation))
                && await session.DeleteAsync(ResourceType.Definitions, name, default, cancellation)
            )
            {
                removed.Add($"{ResourceType.Definitions.Kind}/{name}");
            }
        }

        return removed;
    }

    private async Task<IReadOnlyList<string>> ServedAsync(CancellationToken cancellation)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var version in await session.ServedVersionsAsync(DynamoGroup, cancellation))
        {
            found.UnionWith(
                (await ResourcesAsync(DynamoGroup, version, cancellation))
                    .Where(name => name.StartsWith("dynamo", StringComparison.Ordinal))
                    .Select(name => $"{name}.{DynamoGroup}")
            );
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>A version's resources, without subresources; none where a version that is listed is not served yet, or no more.</summary>
    private async Task<IReadOnlyList<string>> ResourcesAsync(string group, string version, CancellationToken cancellation)
    {
        var call = new ApiCall("get", $"/apis/{group}/{version}", null);
        try
        {
            using var served = await session.Api.GetAsync(call, $"/apis/{group}/{version}", cancellation);
            return session.Expect(call, served, root =>
                root.GetProperty("resources")
                    .EnumerateArray()
                    .Select(r => r.GetProperty("name").GetString()!)
                    .Where(name => !name.Contains('/', StringComparison.Ordinal))
                    .ToArray()
            );
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            return [];
        }
    }
}
