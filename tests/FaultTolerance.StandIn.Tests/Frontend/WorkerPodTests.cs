using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Frontend;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Tests.Frontend;

public sealed class WorkerPodTests
{
    [Theory]
    [InlineData("worker", null, "Decode")]
    [InlineData("worker", "prefill", "Prefill")]
    [InlineData("decode", null, "Decode")]
    [InlineData("prefill", null, "Prefill")]
    [InlineData("main", null, "Decode")]
    [InlineData("main", "prefill", "Prefill")]
    [InlineData("frontend", null, null)]
    [InlineData("planner", null, null)]
    [InlineData("epp", null, null)]
    [InlineData(null, null, null)]
    public void TryRead_takesEveryTypeThatIsNoOtherPartForAWorker(string? type, string? sub, string? expected)
    {
        var labels = new JsonObject { [GraphLabels.Graph] = "graph" };
        if (type is not null)
        {
            labels[GraphLabels.ComponentType] = type;
        }

        if (sub is not null)
        {
            labels[GraphLabels.SubComponentType] = sub;
        }

        var pod = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "p", ["labels"] = labels },
            ["status"] = new JsonObject { ["phase"] = "Running", ["podIP"] = "127.0.0.9" },
        };

        Assert.Equal(expected, WorkerPod.TryRead(pod, drains: false)?.Role.ToString());
    }
}
