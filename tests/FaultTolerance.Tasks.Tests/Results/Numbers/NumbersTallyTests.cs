using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Numbers;

namespace FaultTolerance.Tests.Results.Numbers;

/// <summary>Numbers of attempts whose every instant is known.</summary>
public sealed class NumbersTallyTests
{
    private const long Ms = TimeSpan.TicksPerMillisecond;
    private static readonly long Begin = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public void Rates_are_of_the_time_from_the_first_send_to_the_last_end()
    {
        var whole = Of(Attempts(100), null)!.Whole;

        // 100 requests, one each 10 ms, of 10 tokens; the last ends 110 ms after its send.
        Assert.Equal(1.1, whole.Seconds, 6);
        Assert.Equal(100 / 1.1, whole.RequestThroughput!.Value, 6);
        Assert.Equal(1000 / 1.1, whole.OutputTokenThroughput!.Value, 6);
        Assert.Equal((100, 100), (whole.Requests, whole.Succeeded));
    }

    [Fact]
    public void Distributions_are_those_of_the_requests()
    {
        var whole = Of(Attempts(100), null)!.Whole;

        Near(0.110, whole.Latency!.Max);
        Near(0.110, whole.Latency.P50);
        Near(0.020, whole.Ttft!.P99);
        // 9 gaps a request, one of them of 18 ms.
        Assert.Equal(900, whole.Itl!.Count);
        Near(0.009, whole.Itl.P50);
        Near(0.018, whole.Itl.Max);
        Near(0.010, whole.Itl.Mean);
        Near(0.010, whole.Tpot!.P90);
    }

    [Fact]
    public void Parts_are_before_during_and_after_the_fault()
    {
        var attempts = Attempts(100, outcome: i => i is >= 50 and < 60 ? Outcome.Refused : Outcome.Ok);
        var numbers = Of(attempts, (Begin + (500 * Ms), Begin + (600 * Ms)))!;

        // Those sent up to 389 ms ended before; those up to 600 ms were sent or under way in it.
        Assert.Equal([39, 22, 39], new[] { numbers.Before!, numbers.During!, numbers.After! }.Select(part => part.Requests));
        Assert.Equal([39, 12, 39], new[] { numbers.Before!, numbers.During!, numbers.After! }.Select(part => part.Succeeded));
        Assert.Equal(0.1, numbers.During!.Seconds, 6);
        Assert.Equal(100, numbers.Whole.Requests);
    }

    [Fact]
    public void Warm_up_is_left_out() =>
        Assert.Equal(50, NumbersTally.Of([Attempts(100)], null, Begin + (500 * Ms), null)!.Whole.Requests);

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(0.1, null, null, 0)]
    [InlineData(0.2, null, null, 90)]
    [InlineData(null, 0.019, null, 0)]
    [InlineData(null, 0.021, 0.011, 90)]
    [InlineData(null, 0.021, 0.009, 0)]
    public void Good_are_those_within_every_limit(double? latency, double? ttft, double? itl, int? good)
    {
        var load = new LoadStarted
        {
            Clients = 1, Planned = 100, Mode = null, WarmUp = null, OutputTokens = 10, GoodLatency = latency, GoodTtft = ttft,
                GoodItl = itl,
        };
        var whole = NumbersTally.Of([Attempts(100, outcome: i => i < 10 ? Outcome.ServerError : Outcome.Ok)], load, 0, null)!.Whole;

        Assert.Equal(good, (int?)whole.Good);
        Assert.Equal(good / 100.0, whole.Goodput);
    }

    [Fact]
    public void Tokens_that_nobody_counted_are_not_guessed()
    {
        var whole = Of(Attempts(10, counted: false), null)!.Whole;

        Assert.Null(whole.OutputTokenThroughput);
        Assert.Null(whole.Tpot);
        Assert.NotNull(whole.Itl);
    }

    [Fact]
    public void Logs_without_stamps_have_none()
    {
        var attempts = new AttemptCollection { new Attempt { IsLast = true, Outcome = Outcome.Ok, RequestEnd = Begin } };

        Assert.Null(Of(attempts, null));
    }

    private static RowNumbers? Of(AttemptCollection attempts, (long, long)? fault) => NumbersTally.Of([attempts], null, 0, fault);

    private static void Near(double expected, double actual) => Assert.InRange(actual, expected * 0.995, expected * 1.005);

    private static AttemptCollection Attempts(int count, Func<int, Outcome>? outcome = null, bool counted = true)
    {
        var attempts = new AttemptCollection();
        for (var i = 0; i < count; i++)
        {
            var sent = Begin + (i * 10 * Ms);
            var gaps = attempts.Gaps.Begin();
            attempts.Gaps.Add(gaps, 9_000_000, 8);
            attempts.Gaps.Add(gaps, 18_000_000, 1);
            attempts.Add(new Attempt
            {
                Request = i,
                IsLast = true,
                Sent = sent,
                FirstToken = sent + (20 * Ms),
                LastByte = sent + (110 * Ms),
                ElapsedNanoseconds = 110_000_000,
                Outcome = outcome?.Invoke(i) ?? Outcome.Ok,
                Tokens = 10,
                IsCounted = counted,
                Gaps = gaps,
            });
        }

        return attempts;
    }
}
