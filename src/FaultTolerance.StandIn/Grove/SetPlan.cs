using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Grove;

/// <summary>
/// A graph as the Dynamo operator hands it to Grove: one PodCliqueSet, with a clique for each component of one node and a scaling group of
/// a leader's and a workers' clique for each of several. Pure.
/// </summary>
internal static class SetPlan
{
    /// <summary>The set's spec.</summary>
    public static JsonObject Of(GraphSpec graph, OperatorOptions options) => new()
    {
        ["replicas"] = 1,
        ["template"] = new JsonObject
        {
            ["cliques"] = new JsonArray([.. graph.Services.SelectMany(service => CliquesOf(graph, service, options))]),
            ["podCliqueScalingGroups"] = new JsonArray([.. graph.Services.Where(service => service.NodeCount > 1).Select(GroupOf)]),
        },
    };

    private static IEnumerable<JsonObject> CliquesOf(GraphSpec graph, ServiceSpec service, OperatorOptions options)
    {
        var name = GroveNames.ComponentOf(service);
        var (template, _) = PodTemplate.Of(graph, service, options);
        if (service.NodeCount <= 1)
        {
            yield return Clique(name, service.Replicas, template);
            yield break;
        }

        yield return Clique(name + GroveNames.Leader, 1, NodeCommand.Leader((JsonObject)template.DeepClone(), service.NodeCount));
        yield return Clique(name + GroveNames.Worker, service.NodeCount - 1, NodeCommand.Worker(template, service.NodeCount));
    }

    private static JsonObject Clique(string name, long replicas, JsonObject template) => new()
    {
        ["name"] = name,
        ["labels"] = template.At("metadata", "labels")?.DeepClone(),
        ["annotations"] = template.At("metadata", "annotations")?.DeepClone(),
        ["spec"] = new JsonObject
        {
            ["roleName"] = name,
            ["replicas"] = replicas,
            ["minAvailable"] = Math.Min(1, replicas),
            ["podSpec"] = template["spec"]!.DeepClone(),
        },
    };

    private static JsonObject GroupOf(ServiceSpec service)
    {
        var name = GroveNames.ComponentOf(service);
        return new()
        {
            ["name"] = name,
            ["replicas"] = service.Replicas,
            ["minAvailable"] = Math.Min(1, service.Replicas),
            ["cliqueNames"] = new JsonArray(name + GroveNames.Leader, name + GroveNames.Worker),
        };
    }
}
