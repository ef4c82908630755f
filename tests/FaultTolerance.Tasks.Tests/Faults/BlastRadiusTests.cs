using FaultTolerance.Faults;
using FaultTolerance.Faults.DeletePod;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Faults;

/// <summary>A fault hits no more than it may.</summary>
public sealed class BlastRadiusTests
{
    [Theory]
    [InlineData(2, 4, 2, null, true)]
    [InlineData(3, 4, 2, null, false)]
    [InlineData(2, 4, null, 50, true)]
    [InlineData(3, 4, null, 50, false)]
    [InlineData(1, 1, null, 99, false)]
    [InlineData(4, 4, null, null, true)]
    public void Check_refuses_more_than_either_limit(int chosen, int all, int? pods, int? percent, bool allowed)
    {
        var fault = new DeletePodFault { Target = "decode", MaxPods = pods, MaxPercent = percent };

        var error = Record.Exception(() => BlastRadius.Check(fault, "decode", chosen, all));

        Assert.Equal(allowed ? null : "FT0620", (error as FaultMatrixException)?.Code);
    }

    [Fact]
    public async Task RunAsync_of_more_than_it_may_hits_nothing()
    {
        await using var stage = await FaultStage.StartAsync(pods: 3);

        var outcome = Assert.Single(await stage.RunAsync(new DeletePodFault
        {
            Target = "decode", After = TimeSpan.Zero, Pods = new PodSelection(SelectionMode.All, 0), MaxPods = 2,
        }));

        Assert.Equal("FT0620", outcome.Error!.Code);
        Assert.DoesNotContain(stage.Api.Requests, request => request.StartsWith("DELETE", StringComparison.Ordinal));
    }
}
