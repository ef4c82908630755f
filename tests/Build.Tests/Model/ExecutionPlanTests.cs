using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Model;

public class ExecutionPlanTests
{
    [Theory]
    [InlineData("FaultMatrix", null, "FaultMatrix[]")]
    [InlineData("Deploy", null, "Deploy[]")]
    [InlineData("Inject Load", null, "FaultMatrix[Deploy,Collect,Teardown,Parse]")]
    [InlineData("Teardown Deploy Parse", null, "FaultMatrix[Load,Inject,Collect]")]
    [InlineData("Deploy Parse", null, "Deploy[] Parse[]")]
    [InlineData("FaultMatrix", "Parse", "FaultMatrix[Parse]")]
    [InlineData("FaultMatrix", "", "FaultMatrix[Deploy,Load,Inject,Collect,Teardown,Parse]")]
    [InlineData("Report FaultMatrix ClusterUp", null, "ClusterUp[] FaultMatrix[] Report[]")]
    [InlineData("FaultMatrix Parse", null, "FaultMatrix[]")]
    [InlineData("FaultMatrix", "FaultMatrix", "")]
    [InlineData("ClusterDown FaultMatrix ClusterUp", null, "ClusterUp[] FaultMatrix[] ClusterDown[]")]
    public void Make_steps_in_order_with_what_each_leaves_out(string targets, string? skip, string expected)
    {
        var plan = Sut.Plan(targets, skip);
        Assert.Equal(expected, string.Join(' ', plan.Steps.Where(s => s.Target is not null)
            .Select(s => $"{s.Target!.Name}[{string.Join(',', s.Omitted(Sut.Declarations))}]")));
    }

    [Fact]
    public void Make_skipped_target_takes_its_dependencies_along() =>
        Assert.All(Sut.Plan("FaultMatrix", "FaultMatrix").Rows.SkipLast(1), r => Assert.Equal("because of FaultMatrix", r.Skipped));
}
