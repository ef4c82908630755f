using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Network;
using FaultTolerance.Graphs;
using FaultTolerance.Runs;

namespace FaultTolerance.Faults.Partition;

/// <summary>The NetworkPolicy of a partition: the target's pods take connections from all pods but those of one service.</summary>
internal static class PartitionPolicy
{
    /// <summary>The annotation that says when it is to be gone.</summary>
    public const string Deadline = "faultmatrix.dev/deadline";

    /// <summary>The policy.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="from">Labels of the pods that do not get through.</param>
    /// <param name="to">Labels of the pods that they do not reach.</param>
    /// <param name="deadline">By when it is to be gone.</param>
    public static JsonObject Of(
        string name, IEnumerable<KeyValuePair<string, string>> from, IEnumerable<KeyValuePair<string, string>> to,
        DateTimeOffset? deadline) =>
        new()
        {
            ["apiVersion"] = ResourceType.NetworkPolicies.ApiVersion,
            ["kind"] = ResourceType.NetworkPolicies.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject { [GraphLabels.ManagedBy] = GraphLabels.ManagedByValue },
                ["annotations"] = new JsonObject { [Deadline] = deadline is { } at ? RunClock.Format(at) : "" },
            },
            ["spec"] = new JsonObject
            {
                ["podSelector"] = ServiceLabels.Selector(to),
                ["policyTypes"] = new JsonArray("Ingress"),
                ["ingress"] = new JsonArray(new JsonObject { ["from"] = new JsonArray([.. from.Select(Others)]) }),
            },
        };

    // A policy says only who gets through: all who differ in at least one of the labels, in any namespace.
    private static JsonNode Others(KeyValuePair<string, string> label) => new JsonObject
    {
        ["namespaceSelector"] = new JsonObject(),
        ["podSelector"] = new JsonObject
        {
            ["matchExpressions"] = new JsonArray(new JsonObject
            {
                ["key"] = label.Key, ["operator"] = "NotIn", ["values"] = new JsonArray(label.Value),
            }),
        },
    };
}
