using FaultTolerance.Faults.DeletePod;
using FaultTolerance.Faults.EvictPod;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Tests.Scenarios.Reading;

/// <summary>A soak's faults are drawn at random and can be drawn again.</summary>
public sealed class RandomSectionTests
{
    private static readonly Fault[] Allowed = [new DeletePodFault { Target = "decode" }, new EvictPodFault { Target = "frontend" }];

    [Fact]
    public void Draw_of_one_seed_is_always_the_same_and_of_another_is_not()
    {
        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));
    }

    [Fact]
    public void Draw_keeps_to_its_time_and_its_pauses_and_takes_every_kind()
    {
        var drawn = Draw(7);

        Assert.Equal(TimeSpan.FromSeconds(5), drawn[0].After);
        Assert.All(drawn.Skip(1), fault => Assert.InRange(fault.After.TotalSeconds, 5, 15));
        Assert.InRange(drawn.Skip(1).Sum(fault => fault.After.TotalSeconds), 0, 600);
        Assert.Equal(Allowed.Select(fault => fault.Kind).Order(), drawn.Select(fault => fault.Kind).Distinct().Order());
    }

    private static Fault[] Draw(int seed) =>
        [.. RandomSection.Draw(Allowed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(600), seed)];
}
