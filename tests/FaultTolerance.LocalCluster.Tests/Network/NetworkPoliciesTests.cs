using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Network;

namespace FaultTolerance.LocalCluster.Tests.Network;

/// <summary>What policies let through, by Kubernetes' rules.</summary>
public sealed class NetworkPoliciesTests
{
    [Theory]
    [InlineData("""{"podSelector":{"matchLabels":{"app":"b"}}}""", false)]
    [InlineData("""{"podSelector":{"matchLabels":{"app":"x"}}}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"a"}}}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"b"}}}]}],"policyTypes":["Ingress"]}""", false)]
    [InlineData("""{"podSelector":{},"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"team":"t"}}}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"team":"u"}}}]}]}""", false)]
    [InlineData("""{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"ports":[{"port":81}]}]}""", false)]
    [InlineData("""{"podSelector":{},"ingress":[{"ports":[{"port":79,"endPort":90}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"ports":[{"port":"web"}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"127.1.0.0/16"}}]}]}""", true)]
    [InlineData("""{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"127.1.0.0/16","except":["127.1.0.1/32"]}}]}]}""", false)]
    [InlineData("""{"podSelector":{"matchLabels":{"app":"a"}},"policyTypes":["Egress"]}""", false)]
    [InlineData("""{"podSelector":{"matchLabels":{"app":"a"}},"policyTypes":["Egress"],"egress":[{"to":[{"podSelector":{"matchLabels":{"app":"b"}}}]}]}""", true)]
    public void Allow_goes_by_what_the_policies_of_both_ends_say(string spec, bool allowed)
    {
        var policy = new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "ns" }, ["spec"] = JsonNode.Parse(spec) };
        var space = JsonNode.Parse("""{"metadata":{"name":"ns","labels":{"team":"t"}}}""")!.AsObject();

        Assert.Equal(allowed,
            NetworkPolicies.Allow([policy], name => name == "ns" ? space : null, Pod("a", "127.1.0.1"), Pod("b", "127.1.0.2"), 80));
        Assert.True(NetworkPolicies.Allow([policy], _ => space, null, Pod("b", "127.1.0.2"), 80));
    }

    private static JsonObject Pod(string app, string ip) => JsonNode.Parse(
        $$$"""
        {"metadata":{"name":"{{{app}}}","namespace":"ns","labels":{"app":"{{{app}}}"} },"status":{"podIP":"{{{ip}}}"},
         "spec":{"containers":[{"name":"m","ports":[{"name":"web","containerPort":80}]}]}}
        """)!.AsObject();
}
