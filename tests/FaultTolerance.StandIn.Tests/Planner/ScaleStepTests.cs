using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Planner;
using FaultTolerance.StandIn.Tests.Operator;

namespace FaultTolerance.StandIn.Tests.Planner;

public sealed class ScaleStepTests
{
    [Fact]
    public void Parse_steps_comeInOrderOfTime()
    {
        var steps = ScaleStep.Parse("A=2@30, B=1@5.5");

        Assert.Equal([("B", 1, 5.5), ("A", 2, 30d)], steps.Select(step => (step.Component, step.Replicas, step.At.TotalSeconds)));
    }

    [Theory]
    [InlineData("A=2")]
    [InlineData("A@3")]
    [InlineData("=2@3")]
    [InlineData("A=-1@3")]
    [InlineData("A=2@soon")]
    public void Parse_anythingElse_saysHow(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<UsageException>(() => ScaleStep.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void PatchOf_bothForms_changesTheCountAlone()
    {
        var step = ScaleStep.Parse("VllmPrefillWorker=4@0")[0];

        Assert.Equal("""{"spec":{"services":{"VllmPrefillWorker":{"replicas":4}}}}""", step.PatchOf(Graphs.Alpha())!.ToJsonString());
        var beta = Graphs.Beta();
        beta["spec"]!["components"]![1]!["replicas"] = 4;
        Assert.Equal(beta["spec"]!["components"]!.ToJsonString(), step.PatchOf(Graphs.Beta())!["spec"]!["components"]!.ToJsonString());
        Assert.Null((step with { Component = "Other" }).PatchOf(Graphs.Alpha()));
        Assert.Null((step with { Component = "Other" }).PatchOf(Graphs.Beta()));
    }
}
