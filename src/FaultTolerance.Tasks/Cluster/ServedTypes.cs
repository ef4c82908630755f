using System.Net;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Cluster.Observation;

namespace FaultTolerance.Cluster;

/// <summary>What a server serves, by its own lists.</summary>
internal static class ServedTypes
{
    /// <summary>Versions of an API group that the server serves, the preferred one first; empty when it does not know the group.</summary>
    public static async Task<IReadOnlyList<string>> ServedVersionsAsync(
        this ClusterSession session, string group, CancellationToken cancellation)
    {
        try
        {
            var call = new ApiCall("get", $"/apis/{group}", null);
            using var json = await session.Api.GetAsync(call, $"/apis/{Uri.EscapeDataString(group)}", cancellation);
            return session.Expect(call, json, root =>
            {
                var preferred = root.TryGetProperty("preferredVersion", out var p) ? WatchItem.Text(p, "version") : null;
                return root.GetProperty("versions")
                    .EnumerateArray()
                    .Select(v => WatchItem.Text(v, "version") ?? throw new KeyNotFoundException("version"))
                    .OrderByDescending(v => v == preferred)
                    .ToArray();
            });
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return [];
        }
    }

    /// <summary>Whether the server offers a subresource of a type as an object of that kind, by its own list.</summary>
    public static async Task<bool> HasSubresourceAsync(
        this ClusterSession session, ResourceType type, string subresource, string kind, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(type);
        var (path, call) = ListOf(type);
        using var json = await session.Api.GetAsync(call, path, cancellation);
        return session.Expect(call, json, root => root.GetProperty("resources").EnumerateArray()
            .Any(r => WatchItem.Text(r, "name") == $"{type.Plural}/{subresource}" && WatchItem.Text(r, "kind") == kind));
    }

    /// <summary>
    /// The plural of a kind and whether its objects lie in namespaces, by the server's own list; null where it does not serve the kind in
    /// that version.
    /// </summary>
    public static async Task<(string Plural, bool Namespaced)?> ServedTypeAsync(
        this ClusterSession session, ResourceType type, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(type);
        var (path, call) = ListOf(type);
        try
        {
            using var json = await session.Api.GetAsync(call, path, cancellation);
            return session.Expect<(string, bool)?>(call, json, root => root.GetProperty("resources").EnumerateArray()
                .Where(r => WatchItem.Text(r, "kind") == type.Kind
                    && WatchItem.Text(r, "name") is { } name && !name.Contains('/', StringComparison.Ordinal))
                .Select(r => ((string, bool)?)(
                    WatchItem.Text(r, "name")!, r.TryGetProperty("namespaced", out var inside) && inside.GetBoolean()))
                .FirstOrDefault());
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static (string Path, ApiCall Call) ListOf(ResourceType type)
    {
        var path = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        return (path, new ApiCall("get", path, null));
    }
}
