using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Which pods stand behind a service, and in what state.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Ip">Its address.</param>
/// <param name="Ready">It takes requests.</param>
/// <param name="Serving">Its condition Ready, dying or not.</param>
/// <param name="Terminating">Its deletion was asked for.</param>
internal readonly record struct EndpointMember(JsonObject Pod, string Ip, bool Ready, bool Serving, bool Terminating);

/// <summary>Computes endpoints out of a service and pods; pure.</summary>
internal static class EndpointSubsets
{
    /// <summary>The members, ordered by address. Pods that have ended, or have no address yet, are none.</summary>
    public static IReadOnlyList<EndpointMember> Members(JsonObject service, IEnumerable<JsonObject> pods)
    {
        var publishAll = service.IsTrue("spec", "publishNotReadyAddresses");
        return
        [
            .. pods.Where(pod => Selector.MatchesMap(service.At("spec", "selector"), pod))
                .Where(pod =>
                    pod.Text("status", "podIP") is { Length: > 0 } && pod.Text("status", "phase") is not ("Succeeded" or "Failed")
                )
                .OrderBy(pod => pod.Text("status", "podIP"), StringComparer.Ordinal)
                .Select(pod => new EndpointMember(
                    pod, pod.Text("status", "podIP")!, publishAll || (pod.IsReady() && !pod.IsDying()), pod.IsReady(), pod.IsDying())),
        ];
    }

    /// <summary>The <c>subsets</c> of core/v1 Endpoints: members with the same port numbers together; the dying left out.</summary>
    public static JsonArray Subsets(JsonObject service, IReadOnlyList<EndpointMember> members)
    {
        var subsets = new JsonArray();
        var publishAll = service.IsTrue("spec", "publishNotReadyAddresses");
        foreach (var group in ByPorts(service, members.Where(m => publishAll || !m.Terminating)))
        {
            var subset = new JsonObject();
            Add(subset, "addresses", group.Members.Where(m => m.Ready));
            Add(subset, "notReadyAddresses", group.Members.Where(m => !m.Ready));
            if (group.Ports.Count > 0)
            {
                subset["ports"] = group.Ports;
            }

            subsets.Add((JsonNode)subset);
        }

        return subsets;
    }

    /// <summary>The endpoint slices' contents: ports and endpoints, one slice for each set of port numbers.</summary>
    public static IReadOnlyList<(JsonArray Ports, JsonArray Endpoints)> Slices(JsonObject service, IReadOnlyList<EndpointMember> members) =>
    [
        .. ByPorts(service, members).Select(g => (g.Ports, new JsonArray([.. g.Members.Select(m => (JsonNode)new JsonObject
        {
            ["addresses"] = new JsonArray(m.Ip),
            ["conditions"] = new JsonObject { ["ready"] = m.Ready, ["serving"] = m.Serving, ["terminating"] = m.Terminating },
            ["nodeName"] = m.Pod.Text("spec", "nodeName"),
            ["targetRef"] = Reference(m.Pod),
        })]))),
    ];

    private static IEnumerable<(JsonArray Ports, List<EndpointMember> Members)> ByPorts(
        JsonObject service,
        IEnumerable<EndpointMember> members
    ) =>
        members
            .GroupBy(m => Ports(service, m.Pod).ToJsonString(), StringComparer.Ordinal)
            .Select(g => (Ports(service, g.First().Pod), g.ToList()));

    // A port that the pod does not name is left out, as Kubernetes does.
    private static JsonArray Ports(JsonObject service, JsonObject pod)
    {
        var ports = new JsonArray();
        foreach (var port in service.Maps("spec", "ports"))
        {
            var target = port["targetPort"] ?? port["port"];
            var number = pod.Maps("spec", "containers").Select(c => ProbeActions.Port(target, c)).FirstOrDefault(p => p is not null);
            if (number is null)
            {
                continue;
            }

            var entry = new JsonObject();
            if (port.Text("name") is { } name)
            {
                entry["name"] = name;
            }

            entry["port"] = number;
            entry["protocol"] = port.Text("protocol") ?? "TCP";
            ports.Add((JsonNode)entry);
        }

        return ports;
    }

    private static void Add(JsonObject subset, string key, IEnumerable<EndpointMember> members)
    {
        var addresses = new JsonArray([.. members.Select(m => (JsonNode)new JsonObject
        {
            ["ip"] = m.Ip,
            ["nodeName"] = m.Pod.Text("spec", "nodeName"),
            ["targetRef"] = Reference(m.Pod),
        })]);
        if (addresses.Count > 0)
        {
            subset[key] = addresses;
        }
    }

    private static JsonObject Reference(JsonObject pod) => new()
    {
        ["kind"] = "Pod", ["namespace"] = pod.Namespace(), ["name"] = pod.Name(), ["uid"] = pod.Uid(),
    };
}
