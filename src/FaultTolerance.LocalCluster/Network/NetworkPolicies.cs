using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>
/// What NetworkPolicies let through, by Kubernetes' rules: a pod that none selects takes everything; else only what one of them allows.
/// The machine is the pods' node, from which everything is let through.
/// </summary>
internal static class NetworkPolicies
{
    private const string Ingress = "Ingress";
    private const string Egress = "Egress";

    /// <summary>Whether a connection is let through.</summary>
    /// <param name="policies">All policies.</param>
    /// <param name="namespaceOf">A namespace by its name; null where it is not there.</param>
    /// <param name="from">The pod that connects; null for the machine.</param>
    /// <param name="to">The pod that is connected to; null for the machine.</param>
    /// <param name="port">The port.</param>
    public static bool Allow(
        IReadOnlyList<JsonObject> policies, Func<string, JsonObject?> namespaceOf, JsonObject? from, JsonObject? to, int port)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(namespaceOf);
        return (from is null || to is null || Passes(policies, to, Ingress, rule => Allows(rule, "from", from, to, to, port)))
            && (from is null || Passes(policies, from, Egress, rule => Allows(rule, "to", to, from, to, port)));

        bool Allows(JsonObject rule, string peers, JsonObject? other, JsonObject own, JsonObject? target, int at) =>
            AllowsPort(rule, target, at)
            && (rule.Items(peers) is not { Count: > 0 } || rule.Maps(peers).Any(peer => Matches(peer, other, own, namespaceOf)));
    }

    private static bool Passes(IReadOnlyList<JsonObject> policies, JsonObject pod, string way, Func<JsonObject, bool> allows)
    {
        var selecting = policies.Where(policy => policy.Namespace() == pod.Namespace() && IsOf(policy, way)
            && Selector.Matches(policy.At("spec", "podSelector"), pod)).ToList();
        return selecting.Count == 0
            || selecting.Any(policy => policy.Maps("spec", way == Ingress ? "ingress" : "egress").Any(allows));
    }

    private static bool IsOf(JsonObject policy, string way) => policy.Items("spec", "policyTypes") is { Count: > 0 } types
        ? types.Any(type => type.Text() == way)
        : way == Ingress || policy.At("spec", "egress") is not null;

    private static bool AllowsPort(JsonObject rule, JsonObject? target, int port) =>
        rule.Items("ports") is not { Count: > 0 } || rule.Maps("ports").Any(entry => entry.Text("protocol") is null or "TCP"
            && (entry["port"] is not { } wanted
                || (wanted.Number() is { } number ? port >= number && port <= (entry.Number("endPort") ?? number)
                    : target.Maps("spec", "containers").SelectMany(c => c.Maps("ports"))
                        .Any(p => p.Text("name") == wanted.Text() && p.Number("containerPort") == port))));

    private static bool Matches(JsonObject peer, JsonObject? other, JsonObject own, Func<string, JsonObject?> namespaceOf)
    {
        if (peer.Map("ipBlock") is { } block)
        {
            var address = IPAddress.Parse(other.Text("status", "podIP") ?? "127.0.0.1");
            return Holds(block.Text("cidr"), address)
                && block.Items("except")?.Any(except => Holds(except.Text(), address)) != true;
        }

        if (other is null)
        {
            return false;
        }

        var there = peer["namespaceSelector"] is { } spaces
            ? namespaceOf(other.Namespace()) is { } space && Selector.Matches(spaces, space)
            : other.Namespace() == own.Namespace();
        return there && (peer["podSelector"] is not { } pods || Selector.Matches(pods, other));
    }

    private static bool Holds(string? cidr, IPAddress address) => IPNetwork.TryParse(cidr, out var network) && network.Contains(address);
}
