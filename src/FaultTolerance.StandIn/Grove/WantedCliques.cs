using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Grove;

/// <summary>What a set comes to: its scaling groups, and the cliques of its own and of each replica of a group. Pure.</summary>
internal static class WantedCliques
{
    /// <summary>The scaling groups: name, and their element of the template.</summary>
    public static IEnumerable<(string Name, JsonObject Template)> GroupsOf(JsonObject set) =>
        (set.At("spec", "template", "podCliqueScalingGroups").Array() ?? [])
            .OfType<JsonObject>()
            .Select(group => (GroveNames.OfSet(NameOf(set), group["name"].Text() ?? ""), group));

    /// <summary>All cliques.</summary>
    public static IEnumerable<WantedClique> Of(JsonObject set)
    {
        var name = NameOf(set);
        var templates = (set.At("spec", "template", "cliques").Array() ?? [])
            .OfType<JsonObject>()
            .ToDictionary(clique => clique["name"].Text() ?? "", StringComparer.Ordinal);
        foreach (var (group, template) in GroupsOf(set))
        {
            var members = (template["cliqueNames"].Array() ?? []).Select(member => member.Text() ?? "").Where(templates.ContainsKey).ToList();
            var pods = members.Sum(member => templates[member].At("spec", "replicas").Number() ?? 1);
            for (var replica = 0; replica < (template["replicas"].Number() ?? 1); replica++)
            {
                foreach (var member in members)
                {
                    yield return new(GroveNames.OfGroup(group, replica, member), templates[member], name, group, replica, pods);
                }
            }

            members.ForEach(member => templates.Remove(member));
        }

        foreach (var (clique, template) in templates)
        {
            yield return new(GroveNames.OfSet(name, clique), template, name, null, 0, 0);
        }
    }

    private static string NameOf(JsonObject set) => set.At("metadata", "name").Text() ?? "";
}
