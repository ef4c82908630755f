using FaultTolerance.Artefacts;
using FaultTolerance.Load.Recovery;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load.OpenLoop;

public sealed class OpenLoopTests
{
    private static readonly LoadSpec Open = LoadFixture.Fast with { Mode = LoadMode.Open, RatePerClient = 5, RequestsPerClient = 10 };

    [Fact]
    public async Task Plan_stands_whatever_the_service_does()
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        // The first ten requests get no answer for three seconds.
        var service = new ScriptedService(async s =>
        {
            for (var asked = 0; await s.RequestAsync() is not null; asked++)
            {
                if (asked == 0)
                {
                    await Task.Delay(TimeSpan.FromSeconds(3), time);
                }

                await s.AnswerAsync(Bodies.Chat());
            }
        });

        var totals = await LoadFixture.DriveAsync(time, fixture.RunAsync(Open, service), TimeSpan.FromMilliseconds(50));

        Assert.Equal(20, totals.Succeeded);
        var intended = fixture
            .Lines(0)
            .Concat(fixture.Lines(1))
            .Select(l => l.GetProperty("intended").GetDateTimeOffset())
            .Order()
            .ToArray();
        Assert.All(intended.Zip(intended.Skip(1)), pair => Assert.Equal(0.1, (pair.Second - pair.First).TotalSeconds, 1e-6));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], fixture.Lines(0).Select(l => l.GetProperty("request").GetInt32()).Order());
    }

    [Fact]
    public async Task Bound_on_outstanding_requests_sheds_and_records()
    {
        using var fixture = new LoadFixture();
        var service = new ScriptedService(async s =>
        {
            await s.RequestAsync();
            await s.RequestAsync();
        });
        await using var run = fixture.Start(Open with { RatePerClient = 1000, MaxOutstanding = 3 }, service);
        while (fixture.Lines(0).Length + fixture.Lines(1).Length < 17)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        var totals = await run.StopAsync("enough");

        Assert.Equal((3, 17, 17), (totals.Sent, totals.NotSent, totals.Shed));
        Assert.Equal(3, totals.Attempts[Outcome.Cancelled]);
        Assert.Equal("3 requests were outstanding", fixture.Lines(1)[^2].GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(LoadMode.Open)]
    [InlineData(LoadMode.Closed)]
    internal async Task UntilRecovered_goes_on_until_the_service_is_steady(LoadMode mode)
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        var steady = new SteadyAfter(35);
        var spec = Open with { Mode = mode, UntilRecovered = TimeSpan.FromHours(1) };

        var totals = await LoadFixture.DriveAsync(
            time,
            fixture.RunAsync(spec, new ScriptedService(s => s.ServeAsync()), new() { SteadyState = steady }),
            TimeSpan.FromMilliseconds(100)
        );

        Assert.True(totals.Planned >= 35);
        Assert.Equal(totals.Planned, totals.Succeeded);
    }

    [Theory]
    [InlineData(LoadMode.Open)]
    [InlineData(LoadMode.Closed)]
    internal async Task GoesOn_a_share_of_the_clients_sends_more_until_it_was_enough(LoadMode mode)
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        var looks = new List<DateTimeOffset>();
        var options = new LoadOptions
        {
            Share = new ClientShare(1, 1),
            GoesOn = planEnded =>
            {
                looks.Add(planEnded);
                return looks.Count < 20;
            },
        };

        var totals = await LoadFixture.DriveAsync(
            time, fixture.RunAsync(Open with { Mode = mode }, new ScriptedService(s => s.ServeAsync()), options),
            TimeSpan.FromMilliseconds(100));

        // The books add up: what the other clients would send is nobody's here.
        Assert.InRange(totals.Planned, 12, 1000);
        Assert.Equal(totals.Planned, totals.Succeeded);
        Assert.Equal(totals.Planned, fixture.Lines(1).Length);
        Assert.Single(looks.Distinct());
    }

    [Fact]
    public async Task Enough_ends_what_comes_after_the_plan_and_waits_for_what_is_under_way()
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        using var enough = new CancellationTokenSource();
        var asked = 0;
        var service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                if (Interlocked.Increment(ref asked) == 8)
                {
                    // The load is told so while this one is under way and the next is waited for.
                    await enough.CancelAsync();
                    await Task.Delay(TimeSpan.FromSeconds(2), time);
                }

                await s.AnswerAsync(Bodies.Chat());
            }
        });
        var spec = Open with { Clients = 1, RequestsPerClient = 1 };

        var totals = await LoadFixture.DriveAsync(
            time, fixture.RunAsync(spec, service, new() { Enough = enough.Token }), TimeSpan.FromMilliseconds(50));

        // Nothing was planned that was not sent; how far the fake clock leaps meanwhile is the machine's affair.
        Assert.InRange(totals.Planned, 8, 500);
        Assert.Equal((totals.Planned, 0, totals.Planned), (totals.Sent, totals.NotSent, totals.Succeeded));
        Assert.Equal(totals.Planned, fixture.Lines(0).Length);
    }

    [Fact]
    public async Task UntilRecovered_ends_at_its_limit()
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        var spec = Open with { UntilRecovered = TimeSpan.FromSeconds(2) };

        var totals = await LoadFixture.DriveAsync(time,
            fixture.RunAsync(spec, new ScriptedService(s => s.ServeAsync()), new() { SteadyState = new SteadyAfter(int.MaxValue) }),
            TimeSpan.FromMilliseconds(100));

        // Twenty planned, and at least two seconds at ten a second; how far the fake clock leaps over them is the machine's affair.
        Assert.True(totals.Planned >= 38);
        Assert.Equal(totals.Planned, totals.Sent);
    }

    private sealed class SteadyAfter(int requests) : ISteadyState
    {
        private int _seen;

        public void Sent(int client, long request, DateTimeOffset at)
        {
        }

        public void Ended(in EndedRequest ended) => Interlocked.Increment(ref _seen);

        public void MarkFault(DateTimeOffset at)
        {
        }

        public bool IsSteady(DateTimeOffset now) => Volatile.Read(ref _seen) >= requests;
    }
}
