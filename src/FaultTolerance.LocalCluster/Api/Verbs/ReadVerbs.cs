using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Verbs;

/// <summary>get and list.</summary>
/// <param name="store">Holds the objects.</param>
internal sealed class ReadVerbs(MemoryStore store)
{
    /// <summary>One object as its version presents it; 404.</summary>
    public JsonObject Get(Resource resource, string? @namespace, string name)
    {
        var id = resource.Id(@namespace, name);
        return resource.Present(store.Get(id) ?? throw StoreErrors.NotFound(id));
    }

    /// <summary>One page of the objects that match. Further pages are true at the first one's version, or 410.</summary>
    public ListPage List(Resource resource, string? @namespace, ListRequest request)
    {
        long? at = request.Continue?.Version ?? (request.Exact ? request.Version : null);
        if (request.Version is { } wanted && wanted > store.Version)
        {
            throw StoreErrors.TooLarge(wanted, store.Version);
        }

        var (rows, version) = store.ListRaw(resource.Type, @namespace, at);
        IEnumerable<byte[]> matching = request.SelectsAll ? rows : rows.Where(request.Matches);
        if (request.Continue is { } token)
        {
            matching = matching.Where(row => ObjectKey.Order.Compare(KeyOf(row), token.After) > 0);
        }

        var found = matching.ToList();
        if (request.Limit is not > 0 || found.Count <= request.Limit)
        {
            return new(found, version, Continue: null, Remaining: null);
        }

        var page = found.GetRange(0, request.Limit.Value);
        var next = new ContinueToken(version, KeyOf(page[^1])).ToString();
        return new(page, version, next, request.SelectsAll ? found.Count - page.Count : null);
    }

    private static ObjectKey KeyOf(byte[] row)
    {
        var value = MemoryStore.Parse(row);
        return new(value.Namespace(), value.Name());
    }
}
