using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Access;

/// <summary>Role-based access control: allowed is what a rule of a bound role allows, and nothing else.</summary>
/// <param name="store">Holds roles and bindings.</param>
internal sealed class RbacAuthorizer(IObjectStore store)
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>Whether a user may.</summary>
    public bool MayDo(User user, AccessRequest access) =>
        user.IsMaster || RulesOf(user, access.Namespace).Any(rule => Allows(rule, access));

    /// <summary>Throws 403 when a user may not.</summary>
    public void Demand(User user, AccessRequest access)
    {
        if (!MayDo(user, access))
        {
            var which = access.Name.Length > 0 ? $" \"{access.Name}\"" : "";
            var where = access.Namespace.Length > 0 ? $"in the namespace \"{access.Namespace}\"" : "at the cluster scope";
            var type = new ResourceType(access.Group, access.Resource.Split('/')[0]);
            throw StoreErrors.Forbidden(
                $"{type}{which} is forbidden: User \"{user.Name}\" cannot {access.Verb} resource \"{access.Resource}\" in API group \"{access.Group}\" {where}"
            );
        }
    }

    /// <summary>Every rule that holds for a user in a namespace (<c>""</c>: the cluster-wide ones).</summary>
    public IEnumerable<JsonObject> RulesOf(User user, string @namespace)
    {
        if (user.IsMaster)
        {
            yield return new()
            {
                ["verbs"] = new JsonArray("*"),
                ["apiGroups"] = new JsonArray("*"),
                ["resources"] = new JsonArray("*"),
            };
            yield break;
        }

        var bindings = store.List(new(Group, "clusterrolebindings"), @namespace: null).Items;
        if (@namespace.Length > 0)
        {
            bindings = [.. bindings, .. store.List(new(Group, "rolebindings"), @namespace).Items];
        }

        foreach (var binding in bindings)
        {
            if (!binding.Maps("subjects").Any(subject => IsSubject(subject, user, binding.Namespace())))
            {
                continue;
            }

            var name = binding.Text("roleRef", "name") ?? "";
            var role = binding.Text("roleRef", "kind") == "ClusterRole"
                ? store.Get(new(new(Group, "clusterroles"), "", name))
                : store.Get(new(new(Group, "roles"), binding.Namespace(), name));
            foreach (var rule in role.Maps("rules"))
            {
                yield return rule;
            }
        }
    }

    private static bool IsSubject(JsonObject subject, User user, string bindingNamespace)
    {
        var name = subject.Text("name") ?? "";
        return subject.Text("kind") switch
        {
            "ServiceAccount" => user.Name == $"system:serviceaccount:{subject.Text("namespace") ?? bindingNamespace}:{name}",
            "Group" => user.Groups.Contains(name, StringComparer.Ordinal),
            "User" => user.Name == name,
            _ => false,
        };
    }

    private static bool Allows(JsonObject rule, AccessRequest access)
    {
        var names = rule.Items("resourceNames");
        var slash = access.Resource.IndexOf('/', StringComparison.Ordinal);
        return Has(rule.Items("verbs"), access.Verb)
            && Has(rule.Items("apiGroups"), access.Group)
            && (Has(rule.Items("resources"), access.Resource)
                || (slash > 0 && Has(rule.Items("resources"), "*" + access.Resource[slash..])))
            && (names is not { Count: > 0 } || (access.Name.Length > 0 && names.Any(name => name.Text() == access.Name)));
    }

    private static bool Has(JsonArray? list, string wanted) => list?.Any(item => item.Text() is "*" || item.Text() == wanted) ?? false;
}
