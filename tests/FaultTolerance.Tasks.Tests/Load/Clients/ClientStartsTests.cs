using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load.Clients;

public sealed class ClientStartsTests
{
    private static readonly LoadSpec Ten = new() { Clients = 10, RatePerClient = 0.5 };

    [Fact]
    public void Of_closed_loop_every_client_has_its_own_share_of_the_period()
    {
        var starts = ClientStarts.Of(Ten);

        Assert.Equal(Enumerable.Range(0, 10), starts.Select(start => (int)(start / 0.2)).Order());
        Assert.NotEqual(starts.Order(), starts);
    }

    [Fact]
    public void Of_seed_decides()
    {
        Assert.Equal(ClientStarts.Of(Ten), ClientStarts.Of(Ten));
        Assert.NotEqual(ClientStarts.Of(Ten), ClientStarts.Of(Ten with { Seed = 2 }));
    }

    [Fact]
    public void Of_constant_plan_begins_at_a_seeded_point_between_two_requests()
    {
        var starts = ClientStarts.Of(Ten with { Mode = LoadMode.Open });

        Assert.InRange(starts[0], 0, 0.2);
        Assert.Equal(starts[0] + 1.8, starts[9], 9);
        Assert.NotEqual(starts[0], ClientStarts.Of(Ten with { Mode = LoadMode.Open, Seed = 2 })[0]);
    }

    [Fact]
    public void Of_random_arrivals_have_no_period() =>
        Assert.Empty(ClientStarts.Of(Ten with { Mode = LoadMode.Open, Arrivals = Arrivals.Poisson }));

    [Theory]
    [InlineData(LoadMode.Closed)]
    [InlineData(LoadMode.Open)]
    internal async Task Load_sends_as_load_started_tells(LoadMode mode)
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        var spec = LoadFixture.Fast with { Mode = mode, Clients = 4, RequestsPerClient = 2, RatePerClient = 0.5 };

        await LoadFixture.DriveAsync(time, fixture.RunAsync(spec, new ScriptedService(s => s.ServeAsync())), TimeSpan.FromMilliseconds(10));

        var started = fixture.Events("load.started").Single();
        Assert.Equal(2, started.GetProperty("period").GetDouble());
        var starts = started.GetProperty("starts").EnumerateArray().Select(start => start.GetDouble()).ToArray();
        var intended = Enumerable
            .Range(0, 4)
            .Select(client => fixture.Lines(client)[0].GetProperty("intended").GetDateTimeOffset())
            .ToArray();
        for (var client = 0; client < 4; client++)
        {
            Assert.Equal(starts[client] - starts[0], (intended[client] - intended[0]).TotalSeconds, 3);
        }
    }
}
