using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Stopping;

/// <summary>Each limit of <c>stopWhen</c>, on a clock of ten ticks a second.</summary>
public sealed class StopWatchTests
{
    private static StopWhen Limits => new() { Fewest = 4, Window = TimeSpan.FromSeconds(10) };

    [Fact]
    public void Broken_more_failures_in_a_row_than_allowed_is_told_and_a_success_between_begins_anew()
    {
        var watch = new StopWatch(Limits with { ErrorsInARow = 3 }, 10);
        End(watch, 1, false, false, true, false, false);
        Assert.Null(watch.Broken(10));

        End(watch, 11, false);

        Assert.Equal("errorsInARow", watch.Broken(12)!.Key);
        Assert.Equal("3 requests failed one after another (limit 3)", watch.Broken(12)!.Text);
    }

    [Fact]
    public void Broken_error_share_looks_at_the_window_alone_and_needs_enough_requests()
    {
        var watch = new StopWatch(Limits with { ErrorShare = 0.5 }, 10);
        End(watch, 1, false, false, false);
        Assert.Null(watch.Broken(4));

        End(watch, 5, false);
        Assert.Equal("4 of 4 requests failed within 10 s (100 %, at most 50 %)", watch.Broken(6)!.Text);

        End(watch, 150, true, true, true, true);
        Assert.Null(watch.Broken(155));
    }

    [Fact]
    public void Broken_what_says_nothing_of_the_service_counts_for_nothing()
    {
        var watch = new StopWatch(Limits with { ErrorsInARow = 1, Lost = 0, Outage = TimeSpan.FromSeconds(1) }, 10);
        watch.Sent(0);
        watch.Ended(1, null, 1, null);

        Assert.Null(watch.Broken(100));
    }

    [Fact]
    public void Broken_outage_counts_while_requests_wait_and_not_while_nobody_asks()
    {
        var watch = new StopWatch(Limits with { Outage = TimeSpan.FromSeconds(5) }, 10);
        watch.Sent(0);
        watch.Ended(1, true, 1, null);
        Assert.Null(watch.Broken(1000));

        watch.Sent(1000);
        Assert.Null(watch.Broken(1049));
        Assert.Equal("no request was answered for 5 s (limit 5 s)", watch.Broken(1050)!.Text);

        watch.Ended(1060, true, 60, null);
        Assert.Null(watch.Broken(2000));
    }

    [Fact]
    public void Broken_outage_of_requests_that_fail_at_once_counts_from_the_first()
    {
        var watch = new StopWatch(Limits with { Outage = TimeSpan.FromSeconds(5) }, 10);
        End(watch, 100, true);
        End(watch, 110, false);
        End(watch, 140, false);

        Assert.Null(watch.Broken(150));
        Assert.Equal("outage", watch.Broken(160)!.Key);
    }

    [Theory]
    [InlineData("latency")]
    [InlineData("firstToken")]
    public void Broken_slow_answers_are_told_by_their_percentile(string key)
    {
        var limit = TimeSpan.FromSeconds(2);
        var watch = new StopWatch(key == "latency" ? Limits with { Latency = limit } : Limits with { FirstToken = limit }, 10);
        for (var i = 0; i < 4; i++)
        {
            watch.Sent(i);
            watch.Ended(50 + i, true, key == "latency" ? 30 : 5, key == "latency" ? null : 30);
        }

        Assert.Equal(key, watch.Broken(60)!.Key);
        Assert.EndsWith("within 10 s is 3 s (at most 2 s)", watch.Broken(60)!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_queue_and_lost_are_told()
    {
        var watch = new StopWatch(Limits with { Queue = 1 }, 10);
        watch.Sent(1);
        Assert.Null(watch.Broken(1));
        watch.Sent(2);
        Assert.Equal("2 requests were under way at once (at most 1)", watch.Broken(2)!.Text);

        watch = new StopWatch(Limits with { Lost = 1 }, 10);
        End(watch, 1, false, true, false);
        Assert.Equal("2 requests failed (at most 1)", watch.Broken(20)!.Text);
    }

    [Fact]
    public async Task Load_whose_limit_breaks_ends_at_once_says_so_and_accounts_for_every_request()
    {
        using var fixture = new LoadFixture();
        var service = new ScriptedService(async side =>
        {
            while (await side.RequestAsync() is not null)
            {
                await side.AnswerAsync("{}", 500);
            }
        });
        var spec = LoadFixture.Fast with
        {
            RequestsPerClient = 100_000, RatePerClient = 200, StopWhen = new StopWhen { ErrorsInARow = 5 },
        };

        var totals = await fixture.RunAsync(spec, service);

        Assert.Equal(200_000, totals.Sent + totals.NotSent);
        Assert.True(totals.NotSent > 100_000);
        var stopped = Assert.Single(fixture.Events("load.stopped"));
        Assert.Equal("errorsInARow", stopped.GetProperty("limit").GetString());
        Assert.StartsWith("stopWhen errorsInARow: ", fixture.Lines(0)[^1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Single(fixture.Events("load.ended"));
    }

    private static void End(StopWatch watch, long at, params bool[] answers)
    {
        foreach (var ok in answers)
        {
            watch.Sent(at);
            watch.Ended(at, ok, 1, null);
            at++;
        }
    }
}
