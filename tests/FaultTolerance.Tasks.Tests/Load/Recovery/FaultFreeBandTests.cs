using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Recovery;

public sealed class FaultFreeBandTests
{
    private static readonly DateTimeOffset Zero = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly FaultFreeBand _band = new();

    [Fact]
    public void IsSteady_no_fault_yes() => Assert.True(_band.IsSteady(Zero));

    [Fact]
    public void IsSteady_only_after_five_seconds_inside_the_band()
    {
        Serve(0, 20, 0.1);
        _band.MarkFault(At(20));
        Fail(20, 25);
        Serve(25, 40, 0.1);

        Assert.False(_band.IsSteady(At(24)));
        Assert.False(_band.IsSteady(At(29)));
        Assert.True(_band.IsSteady(At(31)));
    }

    [Fact]
    public void IsSteady_slow_answers_no()
    {
        Serve(0, 20, 0.1);
        _band.MarkFault(At(20));
        Serve(20, 40, 0.5);

        Assert.False(_band.IsSteady(At(35)));
    }

    [Fact]
    public void IsSteady_too_few_answers_no()
    {
        Serve(0, 20, 0.1);
        _band.MarkFault(At(20));
        Serve(20, 40, 0.1, every: 0.2);

        Assert.False(_band.IsSteady(At(35)));
    }

    [Fact]
    public void IsSteady_silence_no()
    {
        Serve(0, 20, 0.1);
        _band.MarkFault(At(20));

        Assert.False(_band.IsSteady(At(60)));
    }

    private static DateTimeOffset At(double seconds) => Zero.AddSeconds(seconds);

    private void Serve(double from, double until, double latency, double every = 0.1)
    {
        for (var t = from; t < until; t += every)
        {
            _band.Observe(At(t), At(t + latency), Outcome.Ok);
        }
    }

    private void Fail(double from, double until)
    {
        for (var t = from; t < until; t += 0.1)
        {
            _band.Observe(At(t), At(t + 0.01), Outcome.Refused);
        }
    }
}
