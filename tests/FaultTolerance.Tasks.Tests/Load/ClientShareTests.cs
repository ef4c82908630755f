using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load;

public sealed class ClientShareTests
{
    [Theory]
    [InlineData(10, 4)]
    [InlineData(7, 7)]
    [InlineData(10_000, 3)]
    [InlineData(5, 1)]
    public void Of_any_clients_each_is_in_one_share_and_no_share_is_empty(int clients, int processes)
    {
        var shares = ClientShare.Of(clients, processes);

        Assert.Equal(Enumerable.Range(0, clients), shares.SelectMany(share => share.Clients));
        Assert.DoesNotContain(shares, share => share.Count == 0);
        Assert.True(shares.Max(share => share.Count) - shares.Min(share => share.Count) <= 1);
    }

    [Fact]
    public void Planned_shares_of_a_plan_that_does_not_divide_are_the_plan_together()
    {
        var spec = new LoadSpec { Clients = 7, RequestsPerClient = 3 };

        Assert.Equal(21, ClientShare.Of(7, 3).Sum(share => share.Planned(spec)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_shares_send_what_one_process_sends(bool open)
    {
        var mode = open ? LoadMode.Open : LoadMode.Closed;
        var spec = LoadFixture.Fast with
        {
            Clients = 5, RequestsPerClient = 8, Mode = mode, RatePerClient = 200, Arrivals = open ? Arrivals.Poisson : Arrivals.Constant,
        };
        var whole = await SendAsync(spec, new ClientShare(0, 5));

        var parts = new List<string>();
        foreach (var share in ClientShare.Of(5, 2))
        {
            parts.AddRange(await SendAsync(spec, share));
        }

        Assert.Equal(80, whole.Count);
        Assert.Equal(whole.Order(StringComparer.Ordinal), parts.Order(StringComparer.Ordinal));
    }

    // Which requests each client made, and all that was asked.
    private static async Task<List<string>> SendAsync(LoadSpec spec, ClientShare share)
    {
        using var fixture = new LoadFixture();
        var asked = new System.Collections.Concurrent.ConcurrentBag<string>();
        var service = new ScriptedService(async side =>
        {
            while (await side.RequestAsync() is { } body)
            {
                asked.Add(body);
                await side.AnswerAsync(Bodies.Chat());
            }
        });
        var totals = await fixture.RunAsync(spec, service, new LoadOptions { Share = share, MeasureFloor = false });
        Assert.Equal(share.Planned(spec), totals.Planned);
        Assert.Equal(totals.Planned, totals.Succeeded);
        return [.. share.Clients.SelectMany(client => fixture.Lines(client)
            .Select(line => line.GetProperty("request").GetInt32()).Order().Select(request => $"{client}: {request}"))
            .Concat(asked)];
    }
}
