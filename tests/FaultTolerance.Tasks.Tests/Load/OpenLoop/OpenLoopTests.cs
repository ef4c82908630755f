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
