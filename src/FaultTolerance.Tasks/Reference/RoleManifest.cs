using System.Text;
using FaultTolerance.Cluster;
using FaultTolerance.Faults;
using FaultTolerance.Graphs.Kinds;

namespace FaultTolerance.Reference;

/// <summary>deploy/rbac*.yaml: the least Role, from the rights that runs, kinds of fault and kinds of graph name.</summary>
internal static class RoleManifest
{
    /// <summary>What every run of a kind of graph needs, with every kind of fault.</summary>
    public static string OfRuns(FaultKinds faults, IGraphKind graph)
    {
        var text = new StringBuilder("""
            # Written by ./build.sh Reference from the rights that the code names.
            # The rights that a run needs: one Role in one namespace, nothing cluster-wide. With ft as the namespace:
            #   sed 's/your-namespace/ft/' deploy/rbac.yaml | kubectl -n ft apply -f -
            # A run asks the API server for each of them before it makes anything. Graphs of plain manifests need rbac-plain.yaml besides;
            # --restart-platform needs get, list, watch and patch on statefulsets.apps; a process kill in a container without a shell needs
            # patch on pods/ephemeralcontainers, and is refused with these words where the right is missing.
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: fault-matrix
            ---

            """
        );
        Role(
            text,
            "fault-matrix",
            [
                (
                    "Every run: pods are watched, logs are read, clients go through port-forwards, one run at a time holds the namespace.",
                    Permission.ForRuns
                ),
                ("Loads from the cluster: a Job of the tool's own image, and a Secret with its plan.", Permission.ForPodLoads),
                ($"Graphs: {graph.Name}.", graph.Owned.SelectMany(owned => owned.Rights)),
                .. faults.All.Select(kind => ($"Faults: {kind.Kind} {kind.Summary}.", FaultKinds.RightsOf(kind).Concat(kind.RightsOn(graph))
                    .Where(right => !right.IsOfCluster))),
            ]
        );
        return text.ToString();
    }

    /// <summary>What a kind of graph needs besides.</summary>
    public static string OfPlainGraphs(FaultKinds faults, IGraphKind graph)
    {
        var text = new StringBuilder("""
            # Written by ./build.sh Reference from the rights that the code names.
            # What graphs of plain manifests need besides rbac.yaml; apply it in the same way. The Role and its binding among a graph's
            # objects can grant no more than their maker holds.

            """);
        Role(text, "fault-matrix-plain", [
            ($"Graphs: {graph.Name}.", graph.Owned.SelectMany(owned => owned.Rights)),
            .. faults.All.Select(kind => ($"Faults: {kind.Kind} {kind.Summary}.", kind.RightsOn(graph))),
        ]);
        return text.ToString();
    }

    /// <summary>What faults on nodes need, which lie in no namespace.</summary>
    public static string OfNodes(FaultKinds faults)
    {
        var text = new StringBuilder("""
            # Written by ./build.sh Reference from the rights that the code names.
            # What faults on nodes need; a node is everybody's, so grant it only where nobody else works on the cluster. Applied as
            # rbac.yaml is.

            """);
        Role(text, "fault-matrix-nodes", faults.All.Select(kind =>
            ($"Faults: {kind.Kind} {kind.Summary}.", kind.Permissions.Where(right => right.IsOfCluster))), "Cluster");
        return text.ToString();
    }

    private static void Role(StringBuilder text, string name, IEnumerable<(string Why, IEnumerable<Permission> Rights)> groups,
        string scope = "")
    {
        text.Append($"apiVersion: rbac.authorization.k8s.io/v1\nkind: {scope}Role\nmetadata:\n  name: {name}\nrules:\n");
        var granted = new HashSet<Permission>();
        foreach (var (why, needed) in groups)
        {
            Permission[] rights = [.. needed.Where(granted.Add)];
            if (rights.Length == 0)
            {
                continue;
            }

            text.Append($"  # {why}\n");
            foreach (var rule in Rules(rights))
            {
                text.Append($"  - apiGroups: [{(rule.Group.Length == 0 ? "\"\"" : rule.Group)}]\n");
                text.Append($"    resources: [{string.Join(", ", rule.Resources)}]\n    verbs: [{rule.Verbs}]\n");
            }
        }

        text.Append($"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {scope}RoleBinding\nmetadata:\n  name: {name}\nroleRef:\n");
        text.Append($"  apiGroup: rbac.authorization.k8s.io\n  kind: {scope}Role\n  name: {name}\n");
        text.Append("subjects:\n  - kind: ServiceAccount\n    name: fault-matrix\n    namespace: your-namespace\n");
    }

    // One rule for the resources of a group that need the same verbs.
    private static IEnumerable<(string Group, IReadOnlyList<string> Resources, string Verbs)> Rules(IEnumerable<Permission> rights) =>
        rights
            .GroupBy(right =>
                (right.Group, Resource: right.Subresource.Length == 0 ? right.Resource : $"{right.Resource}/{right.Subresource}")
            )
            .GroupBy(resource =>
                (resource.Key.Group, Verbs: string.Join(", ", resource.Select(right => right.Verb).Distinct(StringComparer.Ordinal)))
            )
            .Select(rule => (rule.Key.Group, (IReadOnlyList<string>)[.. rule.Select(resource => resource.Key.Resource)], rule.Key.Verbs));
}
