using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Grove;

/// <summary>A clique that is to be there: which it is of, and what its pods are made of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Template">Its element of the set's template.</param>
/// <param name="Set">The set's name.</param>
/// <param name="Group">The scaling group that it is of; null for none.</param>
/// <param name="GroupReplica">Which of the group's replicas.</param>
/// <param name="GroupPods">How many pods one replica of the group has.</param>
internal sealed record WantedClique(string Name, JsonObject Template, string Set, string? Group, int GroupReplica, long GroupPods)
{
    private const int HashDigits = 8;

    /// <summary>How many pods.</summary>
    public long Replicas => Template.At("spec", "replicas").Number() ?? 1;

    /// <summary>Changes with the pods' template and not with their number.</summary>
    public string Hash => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Template["labels"]?.ToJsonString()}{Template.At("spec", "podSpec")?.ToJsonString()}")))[..HashDigits];

    /// <summary>Labels of the clique itself and, with what the template asks for, of its pods.</summary>
    public JsonObject Labels()
    {
        var labels = (JsonObject)(Template["labels"].Object() ?? []).DeepClone();
        labels[GroveNames.ManagedBy] = GroveNames.Manager;
        labels[GroveNames.PartOf] = Set;
        labels[GroveNames.SetIndex] = "0";
        labels[GroveNames.Gang] = $"{Set}-0";
        labels[GroveNames.TemplateHash] = Hash;
        if (Group is not null)
        {
            labels[GroveNames.Group] = Group;
            labels[GroveNames.GroupIndex] = Text(GroupReplica);
        }

        return labels;
    }

    /// <summary>The pod with that index, owned by the clique.</summary>
    public JsonObject Pod(int index, string suffix, JsonObject owner)
    {
        var labels = Labels();
        labels[GroveNames.Clique] = Name;
        labels[GroveNames.PodIndex] = Text(index);
        var spec = (JsonObject)Template.At("spec", "podSpec")!.DeepClone();
        spec["hostname"] = $"{Name}-{index}";
        spec["subdomain"] = $"{Set}-0";
        foreach (var list in (string[])["initContainers", "containers"])
        {
            foreach (var container in (spec[list].Array() ?? []).OfType<JsonObject>())
            {
                // First, so that the graph's own variables and arguments can name them.
                container["env"] = new JsonArray(
                    [.. Variables(index), .. (container["env"].Array() ?? []).Select(variable => variable?.DeepClone())]);
            }
        }

        var metadata = new JsonObject
        {
            ["name"] = $"{Name}-{suffix}",
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(owner),
        };
        if (Template["annotations"] is JsonObject annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
        }

        return new() { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = spec };
    }

    private IEnumerable<JsonObject> Variables(int index)
    {
        yield return PodEnvironment.Value("GROVE_PCS_NAME", Set);
        yield return PodEnvironment.Value("GROVE_PCS_INDEX", "0");
        yield return PodEnvironment.Value("GROVE_PCLQ_NAME", Name);
        yield return PodEnvironment.Value("GROVE_PCLQ_POD_INDEX", Text(index));
        yield return PodEnvironment.Value("GROVE_HEADLESS_SERVICE", $"{Set}-0");
        if (Group is not null)
        {
            yield return PodEnvironment.Value("GROVE_PCSG_NAME", Group);
            yield return PodEnvironment.Value("GROVE_PCSG_INDEX", Text(GroupReplica));
            yield return PodEnvironment.Value("GROVE_PCSG_TEMPLATE_NUM_PODS", Text(GroupPods));
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
