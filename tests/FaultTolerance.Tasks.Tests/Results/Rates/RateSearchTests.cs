using FaultTolerance.Results.Rates;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Results.Rates;

public sealed class RateSearchTests
{
    private static readonly RateSearchSpec Spec = new() { From = 1, To = 1000, Steps = 30, Precision = 0.05 };

    [Theory]
    [InlineData(1.2)]
    [InlineData(37)]
    [InlineData(512)]
    [InlineData(999)]
    public void Next_brackets_and_bisects_to_what_the_service_bears(double bears)
    {
        var tries = Search(Spec, bears, out var end);

        var (held, broke) = RateSearch.Bounds(tries);
        Assert.Equal(RateEnd.Found, end);
        Assert.InRange(bears, held!.Value, broke!.Value);
        Assert.True(broke - held <= 0.05 * held * 1.0001, $"{held} to {broke}");
        Assert.Equal([1, 2], tries.Take(2).Select(one => one.Rate));
    }

    [Fact]
    public void Next_service_that_bears_the_highest_rate_is_not_bracketed()
    {
        var tries = Search(Spec with { To = 10 }, bears: 50, out var end);

        Assert.Equal(RateEnd.HoldsAtHighest, end);
        Assert.Equal([1, 2, 4, 8, 10], tries.Select(one => one.Rate));
        Assert.Null(RateSearch.Bounds(tries).Broke);
    }

    [Fact]
    public void Next_service_that_does_not_bear_the_lowest_rate_is_not_bracketed()
    {
        var tries = Search(Spec, bears: 0.5, out var end);

        Assert.Equal(RateEnd.FailsAtLowest, end);
        Assert.Equal(1, Assert.Single(tries).Rate);
    }

    [Fact]
    public void Next_ends_with_its_steps_and_keeps_the_interval_so_far()
    {
        var tries = Search(Spec with { Steps = 5 }, bears: 11, out var end);

        Assert.Equal(RateEnd.Steps, end);
        Assert.Equal((8, 16), RateSearch.Bounds(tries));
    }

    [Fact]
    public void Next_ends_where_the_time_is_up() =>
        Assert.Equal(new RateMove(null, RateEnd.Time), RateSearch.Next(Spec, [new(1, RateFate.Held)], timeLeft: false));

    [Fact]
    public void Next_step_of_an_unsound_generator_is_made_once_more_and_then_ends_the_search()
    {
        RateTry held = new(1, RateFate.Held), unsound = new(2, RateFate.Unsound);

        Assert.Equal(2, RateSearch.Next(Spec, [held, unsound], true).Rate);
        Assert.Equal(RateEnd.Generator, RateSearch.Next(Spec, [held, unsound, unsound], true).End);
        Assert.Equal(4, RateSearch.Next(Spec, [held, unsound, new(2, RateFate.Held)], true).Rate);
    }

    [Fact]
    public void Next_never_tries_a_rate_that_no_four_digits_tell_apart()
    {
        var move = RateSearch.Next(Spec with { Precision = 0.001 }, [new(100.1, RateFate.Held), new(100.2, RateFate.Broke)], true);

        Assert.Equal(RateEnd.Found, move.End);
    }

    private static List<RateTry> Search(RateSearchSpec spec, double bears, out RateEnd? end)
    {
        var tries = new List<RateTry>();
        RateMove move;
        while ((move = RateSearch.Next(spec, tries, timeLeft: true)).Rate is { } rate)
        {
            tries.Add(new RateTry(rate, rate <= bears ? RateFate.Held : RateFate.Broke));
        }

        end = move.End;
        return tries;
    }
}
