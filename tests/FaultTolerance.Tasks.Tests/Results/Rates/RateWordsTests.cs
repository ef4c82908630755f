using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Numbers;
using FaultTolerance.Results.Rates;

namespace FaultTolerance.Tests.Results.Rates;

public sealed class RateWordsTests
{
    private static readonly RateSearchStarted Asked = new() { Share = 0.95, From = 1, To = 100, Ttft = 0.5, Itl = 0.05 };
    private static readonly RateStepped Held = Step(1, 40, RateFate.Held, 400, 396);
    private static readonly RateStepped Broke = Step(2, 42, RateFate.Broke, 420, 378);
    private static readonly RateStepped Late = Step(3, 41, RateFate.Unsound, 0, 0) with { Reason = "sent too late" };

    [Theory]
    [InlineData("Found", "the highest rate with 95 % of the requests within ttft 0.5 s, itl 0.05 s lies from 40/s to 42/s: "
        + "40/s (99 % of 400 good, 97.5 % to 99.6 %) held; 42/s (90 % of 420 good, 86.8 % to 92.5 %) did not")]
    [InlineData("Time", "lies from 40/s to 42/s, and the time was up")]
    [InlineData(null, "was not ended: 40/s")]
    public void Found_bracketed_search_tells_both_rates_with_their_intervals(string? end, string told) =>
        Assert.True(Told(end, Held, Broke).Contains(told, StringComparison.Ordinal), Told(end, Held, Broke));

    [Fact]
    public void Found_search_that_cannot_bracket_makes_up_no_rate()
    {
        Assert.StartsWith("no rate was found that is too high", Told("HoldsAtHighest", Held), StringComparison.Ordinal);
        Assert.StartsWith("no rate was found that holds", Told("FailsAtLowest", Broke), StringComparison.Ordinal);
        Assert.Contains("held up to 40/s, the highest that was tried, and all steps were used up", Told("Steps", Held), StringComparison.Ordinal);
        Assert.Contains("beyond its limits twice at 41/s, which says nothing of the service (sent too late): no step can be judged",
            Told("Generator", Late, Late), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_row_s_own_load_that_does_not_agree_is_told()
    {
        var curve = RateCurve.Of([Asked, Held, Broke, new RateSearchEnded("Found")]);

        Assert.Contains("once more at 40/s, and did not hold this time: 9 of 10 requests were good",
            RateWords.Of(curve, new RowNumbers(new PhaseNumbers(1, 10, 10, null, 9))).Last(), StringComparison.Ordinal);
        Assert.Empty(RateWords.Of(null, null));
    }

    private static string Told(string? end, params TimelineEvent[] steps) => RateWords.Found(
        RateCurve.Of([Asked, .. steps, .. end is null ? Array.Empty<TimelineEvent>() : [new RateSearchEnded(end)]])!);

    private static RateStepped Step(int number, double rate, RateFate fate, long requests, long good) =>
        new() { Step = number, Rate = rate, Fate = fate.ToString(), Requests = requests, Good = good };
}
