using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Resources;

/// <summary>What the API serves at this moment: the built-in resources, and those that definitions in the store add.</summary>
/// <param name="store">Holds the definitions.</param>
internal sealed class ResourceCatalog(MemoryStore store)
{
    // A definition's bytes stay the same array until it changes, so they are the key of what was read from them.
    private readonly ConditionalWeakTable<byte[], IReadOnlyList<Resource>> _read = [];

    /// <summary>Every resource in every served version.</summary>
    public IEnumerable<Resource> All() =>
        BuiltInResources.All.Concat(store.ListRaw(BuiltInResources.Definitions, @namespace: null).Rows.SelectMany(Read));

    /// <summary>The resource, or null when it is not served.</summary>
    public Resource? Find(string group, string version, string plural)
    {
        foreach (var resource in BuiltInResources.All)
        {
            if (resource.Type.Plural == plural && resource.Type.Group == group && resource.Version == version)
            {
                return resource;
            }
        }

        var definition = store.Raw(new(BuiltInResources.Definitions, "", $"{plural}.{group}"));
        return definition is null ? null : Read(definition).FirstOrDefault(resource => resource.Version == version);
    }

    /// <summary>The resource that an object names by its apiVersion and kind, or null.</summary>
    public Resource? FindKind(string apiVersion, string kind) =>
        All().FirstOrDefault(resource => resource.Kind == kind && resource.ApiVersion == apiVersion);

    private IReadOnlyList<Resource> Read(byte[] json) => _read.GetValue(json, static bytes => Read(MemoryStore.Parse(bytes)));

    private static IReadOnlyList<Resource> Read(JsonObject definition)
    {
        if (!IsEstablished(definition))
        {
            return [];
        }

        var conversion = definition.Map("spec", "conversion");
        var storage = definition.Maps("spec", "versions").Where(version => version.IsTrue("storage"))
            .Select(version => Of(definition, version)).FirstOrDefault();
        return
        [
            .. definition.Maps("spec", "versions").Where(version => version.IsTrue("served")).Select(version => Of(definition, version) with
            {
                Conversion = conversion,
                StoredAs = conversion.Text("strategy") == "Webhook" && storage is not null && storage.Version != version.Text("name")
                    ? storage with { Conversion = conversion } : null,
            }),
        ];
    }

    private static Resource Of(JsonObject definition, JsonObject version)
    {
        var names = definition.Map("spec", "names");
        var type = new ResourceType(definition.Text("spec", "group") ?? "", names.Text("plural") ?? "");
        var kind = names.Text("kind") ?? "";
        return new(type, version.Text("name") ?? "", kind, names.Text("singular") ?? "", definition.Text("spec", "scope") == "Namespaced")
        {
            ListKind = names.Text("listKind") ?? kind + "List",
            ShortNames = Texts(names.Items("shortNames")),
            Categories = Texts(names.Items("categories")),
            Subresources = [.. (version.Map("subresources") ?? []).Select(member => member.Key).Order(StringComparer.Ordinal)],
            Definition = version,
        };
    }

    private static bool IsEstablished(JsonObject definition) =>
        definition
            .Maps("status", "conditions")
            .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True");

    private static string[] Texts(JsonArray? list) => [.. list?.Select(item => item.Text() ?? "") ?? []];
}
