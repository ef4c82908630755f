using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>What every cluster has from its start.</summary>
internal static class SeedObjects
{
    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    /// <summary>Makes namespaces and the roles that bindings usually refer to.</summary>
    public static void Make(ApiVerbs verbs, IEnumerable<string> namespaces)
    {
        foreach (var name in namespaces.Prepend("kube-system").Prepend("default").Distinct(StringComparer.Ordinal))
        {
            Create(verbs, "v1", "Namespace", name, []);
        }

        Role(verbs, "cluster-admin", ["*"], ["*"]);
        Role(verbs, "admin", ["*"], Write);
        Role(verbs, "edit", ["*"], Write);
        Role(verbs, "view", ["*"], Read);
    }

    /// <summary>Serves NetworkFaults, by which connections between pods are broken for a while.</summary>
    public static void MakeNetworkFaults(ApiVerbs verbs) => Create(
        verbs, "apiextensions.k8s.io/v1", "CustomResourceDefinition", "networkfaults.faultmatrix.dev", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["group"] = "faultmatrix.dev",
                ["scope"] = "Namespaced",
                ["names"] = new JsonObject
                {
                    ["plural"] = "networkfaults", ["singular"] = "networkfault", ["kind"] = "NetworkFault", ["listKind"] = "NetworkFaultList",
                },
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["name"] = "v1",
                    ["served"] = true,
                    ["storage"] = true,
                    ["schema"] = new JsonObject
                    {
                        ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
                    },
                }),
            },
        });

    private static void Role(ApiVerbs verbs, string name, string[] resources, string[] allowed) =>
        Create(
            verbs,
            "rbac.authorization.k8s.io/v1",
            "ClusterRole",
            name,
            new()
            {
                ["rules"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroups"] = List(["*"]),
                        ["resources"] = List(resources),
                        ["verbs"] = List(allowed),
                    }
                ),
            }
        );

    private static void Create(ApiVerbs verbs, string version, string kind, string name, JsonObject value)
    {
        var resource = verbs.Catalog.FindKind(version, kind) ?? throw StoreErrors.UnknownResource();
        value.Metadata()["name"] = name;
        verbs.Writes.Create(resource, @namespace: null, value);
    }

    private static JsonArray List(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
