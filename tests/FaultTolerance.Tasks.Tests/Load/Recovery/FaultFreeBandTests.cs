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

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(10, true)]
    public void IsSteady_half_of_the_requests_hang_is_seen_at_every_rate(double every, bool all)
    {
        // 40 or more answers before the fault, and then every second one only.
        Serve(0, 60 * every, 0.05, every / (all ? 1 : 2));
        _band.MarkFault(At(60 * every));
        Serve(60 * every, 400 * every, 0.05, 2 * every / (all ? 1 : 2));

        Assert.False(_band.IsSteady(At(300 * every)));
    }

    [Fact]
    public void IsSteady_silence_at_one_request_a_second_no()
    {
        Serve(0, 60, 0.05, 1);
        _band.MarkFault(At(60));

        Assert.False(_band.IsSteady(At(75)));
        Assert.False(_band.IsSteady(At(200)));
    }

    [Fact]
    public void IsSteady_low_rate_is_steady_after_a_window_of_fifty_answers()
    {
        Serve(0, 60, 0.05, 1);
        _band.MarkFault(At(60));
        Serve(60, 200, 0.05, 1);

        Assert.False(_band.IsSteady(At(100)));
        Assert.True(_band.IsSteady(At(120)));
    }

    [Fact]
    public void IsSteady_too_few_answers_before_the_fault_tell_nothing()
    {
        Serve(0, 19, 0.05, 1);
        _band.MarkFault(At(20));
        Serve(20, 400, 0.05, 1);

        Assert.False(_band.IsSteady(At(300)));
    }

    [Fact]
    public void IsSteady_our_own_failures_are_none_of_the_services()
    {
        Serve(0, 20, 0.1);
        _band.MarkFault(At(20));
        Serve(20, 40, 0.1);
        _band.Observe(At(30), At(30.1), Outcome.Transport);
        _band.Observe(At(30), At(30.1), Outcome.ResetKept);

        Assert.True(_band.IsSteady(At(31)));
    }

    [Fact]
    public void IsSteady_fault_that_is_told_late_splits_what_came_before()
    {
        Serve(0, 20, 0.1);
        Fail(20, 30);
        _band.MarkFault(At(20));

        Assert.False(_band.IsSteady(At(30)));
        Serve(30, 40, 0.1);
        Assert.True(_band.IsSteady(At(36)));
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
