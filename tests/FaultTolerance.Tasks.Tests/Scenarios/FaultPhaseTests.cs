using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

public sealed class FaultPhaseTests
{
    private static readonly LoadSpec Load = new() { RatePerClient = 0.5 };

    [Fact]
    public void Of_first_trial_is_the_row_as_it_stands_there() => Assert.Equal(TimeSpan.Zero, FaultPhase.Of(Load, 1, 7));

    [Fact]
    public void Of_trials_fill_the_period_evenly()
    {
        var phases = Enumerable.Range(2, 20).Select(trial => FaultPhase.Of(Load, trial, 7).TotalSeconds).Order().ToArray();

        Assert.All(phases, phase => Assert.InRange(phase, 0, 2));
        Assert.All(phases.Zip(phases.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.01, 0.3));
    }

    [Fact]
    public void Of_seed_decides()
    {
        Assert.Equal(FaultPhase.Of(Load, 2, 7), FaultPhase.Of(Load, 2, 7));
        Assert.NotEqual(FaultPhase.Of(Load, 2, 7), FaultPhase.Of(Load, 2, 8));
    }

    [Fact]
    public void Of_slow_clients_delay_a_fault_by_ten_seconds_at_most() =>
        Assert.All(Enumerable.Range(2, 20), trial =>
            Assert.InRange(FaultPhase.Of(Load with { RatePerClient = 0.001 }, trial, 7).TotalSeconds, 0, 10)
        );
}
