using System.Text.Json.Nodes;
using FaultTolerance.Faults;
using FaultTolerance.Faults.Partition;
using FaultTolerance.Tests.Faults.Kinds;

namespace FaultTolerance.Tests.Faults.Network;

/// <summary>A service that does not reach another: by which policy, how that is seen, and what is said where nobody enforces it.</summary>
public sealed class PartitionTests
{
    [Fact]
    public async Task RunAsync_cuts_the_one_off_and_proves_it_by_connections_of_both()
    {
        var (stage, network) = await KindSamples.NetworkAsync();
        await using var ends = stage;
        await using var cable = network;
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };

        var outcome = Assert.Single(await stage.RunAsync(Fault()));

        Assert.Null(outcome.Error);
        Assert.Equal("front -x-> decode", outcome.Target);
        Assert.StartsWith(
            "a connection from small-front to small-0 is without any answer, while small-0 itself has answered after", outcome.Proof!.Text,
            StringComparison.Ordinal);
        var healed = Assert.Single(stage.Events("fault.healed"))["proof"]!.GetValue<string>();
        Assert.StartsWith("the policy is gone; a connection from small-front to small-0 is answered after", healed,
            StringComparison.Ordinal);
        Assert.Empty(stage.Objects.Names("networkpolicies"));
    }

    [Fact]
    public async Task RunAsync_without_anybody_who_enforces_policies_is_unproven_and_leaves_none()
    {
        var (stage, network) = await KindSamples.NetworkAsync();
        await using var ends = stage;
        await using var cable = network;
        network.Enforces = false;
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl"), ProofTimeout = TimeSpan.FromSeconds(1) };

        var outcome = Assert.Single(await stage.RunAsync(Fault()));

        Assert.Equal("FT0629", outcome.Error!.Code);
        Assert.StartsWith("NetworkPolicies are not enforced here: 1 s after the policy", outcome.Error.Message, StringComparison.Ordinal);
        Assert.Empty(stage.Objects.Names("networkpolicies"));
        Assert.Single(stage.Events("fault.healed"));
    }

    [Fact]
    public async Task RunAsync_from_a_service_to_itself_is_refused()
    {
        var (stage, network) = await KindSamples.NetworkAsync();
        await using var ends = stage;
        await using var cable = network;

        var outcome = Assert.Single(await stage.RunAsync(Fault() with { From = "decode" }));

        Assert.Equal("FT0232", outcome.Error!.Code);
    }

    [Fact]
    public void Of_lets_all_through_but_those_who_have_every_label()
    {
        var policy = PartitionPolicy.Of(
            "p", [new("graph", "g"), new("service", "a")], [new("service", "b")], new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal("b", policy["spec"]!["podSelector"]!["matchLabels"]!["service"]!.GetValue<string>());
        var others = policy["spec"]!["ingress"]![0]!["from"]!.AsArray();
        Assert.Equal(["graph NotIn g", "service NotIn a"], others.Select(Expression));
        Assert.All(others, peer => Assert.Equal("{}", peer!["namespaceSelector"]!.ToJsonString()));
        Assert.Equal("2026-01-01T00:00:00.0000000Z", policy["metadata"]!["annotations"]![PartitionPolicy.Deadline]!.GetValue<string>());
    }

    private static string Expression(JsonNode? peer)
    {
        var expression = peer!["podSelector"]!["matchExpressions"]![0]!;
        return $"{expression["key"]} {expression["operator"]} {expression["values"]![0]}";
    }

    private static PartitionFault Fault() =>
        (PartitionFault)KindSamples.Of(PartitionFault.Word, "", TimeSpan.FromSeconds(0.1));
}
