using System.Net;
using System.Text.Json;
using FaultTolerance.Cluster.Api;

namespace FaultTolerance.Cluster.Observation;

/// <summary>A collection at one moment.</summary>
/// <typeparam name="T">The objects' type.</typeparam>
/// <param name="Items">Its objects.</param>
/// <param name="Version">The resource version from which a watch goes on.</param>
internal sealed record ListedCollection<T>(IReadOnlyList<ListedItem<T>> Items, string Version)
    where T : class
{
    private const int PageSize = 500;
    private const int MostPages = 200;

    /// <summary>Reads the whole collection, page by page.</summary>
    /// <exception cref="ClusterException">FT0319: it has no end.</exception>
    public static async Task<ListedCollection<T>> ReadAsync(
        KubeApi api,
        ResourceType type,
        string ns,
        Selector selector,
        CancellationToken cancellation
    )
    {
        var items = new List<ListedItem<T>>();
        var call = new ApiCall("list", type.Display, ns);
        string? next = null;
        var restarted = false;
        for (var pages = 0; pages < MostPages; pages++)
        {
            // A list that expires half-way (410) begins again, in one piece so that it cannot expire twice.
            var paging = restarted ? "" : next is null ? $"limit={PageSize}" : $"limit={PageSize}&continue={Uri.EscapeDataString(next)}";
            JsonDocument page;
            try
            {
                page = await api.GetAsync(call, $"{type.Path(ns)}?{selector.Query(paging)}", cancellation);
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.Gone && !restarted)
            {
                (restarted, next) = (true, null);
                items.Clear();
                continue;
            }

            using (page)
            {
                string version;
                (version, next) = KubeJson.Expect(call, api.Server, page.RootElement, root =>
                {
                    items.AddRange(root.GetProperty("items").EnumerateArray().Select(element => Read(element, type)));
                    var list = root.GetProperty("metadata");
                    return (WatchItem.Text(list, "resourceVersion") ?? "", WatchItem.Text(list, "continue"));
                });
                if (string.IsNullOrEmpty(next))
                {
                    return new ListedCollection<T>(items, version);
                }
            }
        }

        throw new ClusterException("FT0319", $"cannot {call}: {api.Server} gives more than {MostPages} pages of {PageSize}");
    }

    private static ListedItem<T> Read(JsonElement element, ResourceType type)
    {
        var meta = element.GetProperty("metadata");
        return new ListedItem<T>(WatchItem.Key(meta), WatchItem.Text(meta, "resourceVersion") ?? "", KubeJson.Named<T>(element, type));
    }
}

/// <summary>An object of a collection.</summary>
/// <typeparam name="T">Its type.</typeparam>
/// <param name="Key">Its uid.</param>
/// <param name="Version">Its resource version.</param>
/// <param name="Object">The object.</param>
internal readonly record struct ListedItem<T>(string Key, string Version, T Object)
    where T : class;
