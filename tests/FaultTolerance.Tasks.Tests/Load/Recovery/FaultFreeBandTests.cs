using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Recovery;

public sealed class FaultFreeBandTests
{
    private static readonly DateTimeOffset Zero = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly FaultFreeBand _band = new();
    private long _number;

    [Fact]
    public void IsSteady_no_fault_yes() => Assert.True(_band.IsSteady(Zero));

    [Fact]
    public void IsSteady_only_after_five_seconds_inside_the_band()
    {
        Serve(0, 20, 0.1);
        _band.MarkFault(At(20));
        Fail(20, 25);
        Assert.False(_band.IsSteady(At(25)));
        Serve(25, 29, 0.1);
        Assert.False(_band.IsSteady(At(29.2)));
        Serve(29, 31, 0.1);
        Assert.True(_band.IsSteady(At(31.2)));
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
    public void IsSteady_silence_no()
    {
        Serve(0, 20, 0.1);
        _band.MarkFault(At(20));

        Assert.False(_band.IsSteady(At(60)));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(10)]
    public void IsSteady_half_of_the_requests_hang_is_seen_at_every_rate_before_they_end(double every)
    {
        Serve(0, 60 * every, 0.05, every);
        _band.MarkFault(At(60 * every));
        Serve(60 * every, 100 * every, 0.05, 2 * every);
        for (var t = 61 * every; t < 100 * every; t += 2 * every)
        {
            _band.Sent(0, _number++, At(t));
        }

        Assert.False(_band.IsSteady(At(100 * every)));
    }

    [Fact]
    public void IsSteady_request_that_hangs_alone_no_and_one_that_ends_in_time_yes()
    {
        Serve(0, 20, 0.1);
        _band.MarkFault(At(20));
        Serve(20, 40, 0.1);
        _band.Sent(1, 1, At(39.95));
        Assert.True(_band.IsSteady(At(40)));
        _band.Sent(1, 2, At(22));
        Assert.False(_band.IsSteady(At(40)));
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
    public void IsSteady_low_rate_is_steady_after_twenty_answers()
    {
        Serve(0, 60, 0.05, 1);
        _band.MarkFault(At(60));
        Serve(60, 79, 0.05, 1);

        Assert.False(_band.IsSteady(At(79)));
        Serve(79, 81, 0.05, 1);
        Assert.True(_band.IsSteady(At(81)));
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
        End(30, 30.1, Outcome.Transport);
        End(30, 30.1, Outcome.ResetKept);

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
            End(t, t + latency, Outcome.Ok);
        }
    }

    private void Fail(double from, double until)
    {
        for (var t = from; t < until; t += 0.1)
        {
            End(t, t + 0.01, Outcome.Refused);
        }
    }

    private void End(double sent, double ended, Outcome outcome)
    {
        _band.Sent(0, ++_number, At(sent));
        _band.Ended(new EndedRequest(0, _number, At(sent), At(ended), outcome));
    }
}
