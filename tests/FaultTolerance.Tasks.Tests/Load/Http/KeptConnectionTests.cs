using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load.Http;

/// <summary>How long a connection is used.</summary>
public sealed class KeptConnectionTests
{
    private static readonly LoadSpec Paced = LoadFixture.Fast with { Clients = 1, RequestsPerClient = 5, RatePerClient = 1 };

    [Theory]
    [InlineData("", 1)]
    [InlineData("Keep-Alive: timeout=75\r\n", 1)]
    [InlineData("Keep-Alive: timeout=5, max=100\r\n", 1)]
    [InlineData("Keep-Alive: timeout=1\r\n", 5)]
    [InlineData("keep-alive: max=9,timeout=0\r\n", 5)]
    [InlineData("Connection: close\r\n", 5)]
    [InlineData("Keep-Alive: timeout=soon\r\n", 1)]
    public async Task Connection_is_not_used_when_the_server_may_be_closing_it(string header, int connections)
    {
        var service = Serving(header);

        var totals = await DriveAsync(Paced, service);

        Assert.Equal((5, connections), (totals.Succeeded, service.Connections));
    }

    [Theory]
    [InlineData(LoadMode.Closed)]
    [InlineData(LoadMode.Open)]
    internal async Task Connection_per_request_is_never_used_again_and_none_is_made_before(LoadMode mode)
    {
        using var fixture = new LoadFixture();
        var service = Serving("");

        await fixture.RunAsync(
            LoadFixture.Fast with
            {
                Clients = 1,
                RequestsPerClient = 5,
                Connections = Connections.PerRequest,
                Mode = mode,
                RatePerClient = 100,
            },
            service
        );

        Assert.Equal(5, service.Connections);
        Assert.All(fixture.Lines(0), line => Assert.True(line.GetProperty("results")[0].TryGetProperty("connected", out _)));
    }

    [Theory]
    [InlineData(0, Outcome.ResetKept)]
    [InlineData(1, Outcome.ResetBeforeHeaders)]
    internal async Task Kept_connection_breaks_at_once_is_no_harm_and_later_is(double seconds, Outcome expected)
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        var answers = 0;
        var service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                if (Interlocked.Increment(ref answers) == 2)
                {
                    await Task.Delay(TimeSpan.FromSeconds(seconds), time);
                    return;
                }

                await s.AnswerAsync(Bodies.Chat());
            }
        });

        var totals = await LoadFixture.DriveAsync(
            time, fixture.RunAsync(Paced with { RequestsPerClient = 3 }, service), TimeSpan.FromMilliseconds(50));

        Assert.Equal((1, 2), (totals.Attempts[expected], totals.Attempts[Outcome.Ok]));
    }

    [Fact]
    public async Task New_connection_that_breaks_at_once_is_harm()
    {
        using var fixture = new LoadFixture();
        var service = new ScriptedService(s => s.RequestAsync());

        var totals = await fixture.RunAsync(
            LoadFixture.Fast with
            {
                Clients = 1,
                RequestsPerClient = 3,
            },
            service,
            new() { Preconnect = false }
        );

        Assert.Equal(3, totals.Attempts[Outcome.ResetBeforeHeaders]);
    }

    private static async Task<LoadTotals> DriveAsync(LoadSpec spec, ScriptedService service)
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        return await LoadFixture.DriveAsync(time, fixture.RunAsync(spec, service), TimeSpan.FromMilliseconds(100));
    }

    private static ScriptedService Serving(string header) => new(async s =>
    {
        while (await s.RequestAsync() is not null)
        {
            await s.AnswerAsync(Bodies.Chat(), headers: header);
        }
    });
}
