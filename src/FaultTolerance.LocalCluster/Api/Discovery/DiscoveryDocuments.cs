using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;

namespace FaultTolerance.LocalCluster.Api.Discovery;

/// <summary>What the API says of itself: groups, versions and their resources.</summary>
/// <param name="catalog">What is served.</param>
internal sealed class DiscoveryDocuments(ResourceCatalog catalog)
{
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>The version the API speaks.</summary>
    public static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = "v1.32.0+faultmatrix",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "dotnet",
        ["platform"] = "linux/amd64",
    };

    /// <summary>The document at a path, or null when there is none.</summary>
    public JsonObject? At(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["api"] => new()
        {
            ["kind"] = "APIVersions",
            ["apiVersion"] = "v1",
            ["versions"] = new JsonArray("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray(),
        },
        ["apis"] => new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. Groups().Select(group => Group(group.Key, [.. group]))]),
        },
        ["api", "v1"] => Resources("", "v1"),
        ["apis", var group] => Groups().FirstOrDefault(entry => entry.Key == group) is { } found ? WithKind(Group(group, [.. found])) : null,
        ["apis", var group, var version] => Resources(group, version),
        _ => null,
    };

    private IEnumerable<IGrouping<string, string>> Groups() => catalog.All().Select(resource => (resource.Type.Group, resource.Version))
        .Concat(BuiltInResources.Reviews.Select(review => (review.Group, Version: "v1")))
        .Where(entry => entry.Group.Length > 0)
        .Distinct()
        .OrderBy(entry => entry.Version, VersionOrder.Preferred)
        .GroupBy(entry => entry.Group, entry => entry.Version, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal);

    private static JsonObject Group(string name, string[] versions)
    {
        JsonObject Entry(string version) => new() { ["groupVersion"] = $"{name}/{version}", ["version"] = version };
        return new()
        {
            ["name"] = name,
            ["versions"] = new JsonArray([.. versions.Select(Entry)]),
            ["preferredVersion"] = Entry(versions[0]),
        };
    }

    private static JsonObject WithKind(JsonObject group)
    {
        group.Insert(0, "kind", "APIGroup");
        group.Insert(1, "apiVersion", "v1");
        return group;
    }

    private JsonObject? Resources(string group, string version)
    {
        var entries = catalog.All().Where(resource => resource.Type.Group == group && resource.Version == version).SelectMany(Entries)
            .Concat(BuiltInResources.Reviews.Where(review => review.Group == group && version == "v1").Select(review =>
                Entry(review.Plural, "", review.Namespaced, review.Kind, ["create"])))
            .ToArray();
        return entries.Length == 0 ? null : new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray(entries),
        };
    }

    private static IEnumerable<JsonObject> Entries(Resource resource)
    {
        var main = Entry(resource.Type.Plural, resource.Singular, resource.Namespaced, resource.Kind, Verbs);
        if (resource.ShortNames.Count > 0)
        {
            main["shortNames"] = new JsonArray([.. resource.ShortNames.Select(name => JsonValue.Create(name))]);
        }

        if (resource.Categories.Count > 0)
        {
            main["categories"] = new JsonArray([.. resource.Categories.Select(name => JsonValue.Create(name))]);
        }

        yield return main;
        foreach (var subresource in resource.Subresources)
        {
            var (group, version, kind, verbs) = subresource switch
            {
                "scale" => ("autoscaling", "v1", "Scale", (string[])["get", "patch", "update"]),
                "eviction" => ("policy", "v1", "Eviction", ["create"]),
                "token" => ("authentication.k8s.io", "v1", "TokenRequest", ["create"]),
                "attach" => ("", "", "PodAttachOptions", ["create", "get"]),
                "exec" => ("", "", "PodExecOptions", ["create", "get"]),
                "portforward" => ("", "", "PodPortForwardOptions", ["create", "get"]),
                "log" => ("", "", resource.Kind, ["get"]),
                "finalize" => ("", "", resource.Kind, ["update"]),
                _ => ("", "", resource.Kind, ["get", "patch", "update"]),
            };
            var entry = Entry($"{resource.Type.Plural}/{subresource}", "", resource.Namespaced, kind, verbs);
            if (version.Length > 0)
            {
                entry["group"] = group;
                entry["version"] = version;
            }

            yield return entry;
        }
    }

    private static JsonObject Entry(string name, string singular, bool namespaced, string kind, string[] verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = singular,
        ["namespaced"] = namespaced,
        ["kind"] = kind,
        ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
    };
}
