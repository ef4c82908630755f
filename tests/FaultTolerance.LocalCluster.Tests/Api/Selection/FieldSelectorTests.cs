using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api.Selection;

public class FieldSelectorTests
{
    private static readonly ResourceType Pods = ResourceType.Core("pods");

    [Theory]
    [InlineData("metadata.name=a", true)]
    [InlineData("metadata.name==a,status.phase!=Failed", true)]
    [InlineData("status.phase=Failed", false)]
    [InlineData("spec.nodeName=", true)]
    [InlineData("spec.hostNetwork=true", true)]
    [InlineData("status.podIP=127\\.0.0.1", true)]
    public void Matches_compares_fields_as_text(string selector, bool expected)
    {
        var pod = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "a" },
            ["spec"] = new JsonObject { ["hostNetwork"] = true },
            ["status"] = new JsonObject { ["phase"] = "Running", ["podIP"] = "127.0.0.1" },
        };

        Assert.Equal(expected, FieldSelector.Parse(selector, Pods).Matches(pod));
    }

    [Theory]
    [InlineData("spec.containers=x", "field label not supported: spec.containers")]
    [InlineData("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'")]
    public void Parse_refuses_fields_that_cannot_select(string selector, string message) =>
        Assert.Equal(message, Assert.Throws<StoreException>(() => FieldSelector.Parse(selector, Pods)).Message);
}
