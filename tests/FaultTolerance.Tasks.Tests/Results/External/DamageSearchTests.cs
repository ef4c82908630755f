using FaultTolerance.Results.External;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Tests.Results.External;

/// <summary>Damage that nobody ordered, in requests whose every instant is known.</summary>
public sealed class DamageSearchTests
{
    private const long Ms = TimeSpan.TicksPerMillisecond;
    private static readonly long Begin = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    public void Load_without_damage_has_none(int seed)
    {
        for (var run = 0; run < 40; run++)
        {
            Assert.Null(DamageSearch.First(Service(seed + (run * 100), (_, _) => null), 0));
        }
    }

    [Theory]
    [InlineData(5_000, 3_000)]
    [InlineData(1_500, 500)]
    [InlineData(12_345, 2_000)]
    public void Kill_is_found_within_a_request_of_its_moment(int at, int lasts)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var first = DamageSearch.First(Service(seed, Killed(at, lasts)), 0);

            Assert.NotNull(first);
            Assert.InRange((first.Value - Begin) / Ms, at - 1, at + 50);
        }
    }

    [Theory]
    [InlineData(5_000, 3_000)]
    [InlineData(2_500, 1_000)]
    public void Outage_and_lost_requests_of_a_kill_are_its_own(int at, int lasts)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var requests = Service(seed, Killed(at, lasts));
            var input = Input(requests);

            Assert.InRange(Outage.OfAll.Measure(input).Seconds, (lasts / 1000.0) - 0.1, (lasts / 1000.0) + 0.1);
            Assert.Equal(requests.Count(request => !request.Ok), input.Harm.Spells.Sum(spell => spell.Lost));
            Assert.Single(input.Harm.Spells);
        }
    }

    [Fact]
    public void Service_that_hangs_is_found_from_the_sends_that_hung()
    {
        // From 6 s on nothing is answered for 2 s; the clients give up after 4.
        var requests = Service(3, (sent, took) => sent + took > 6_000 && sent < 8_000 ? (4_000, false) : null);

        Assert.InRange((DamageSearch.First(requests, 0)!.Value - Begin) / Ms, 5_900, 6_020);
    }

    [Fact]
    public void Service_that_stalls_and_loses_nothing_is_found()
    {
        var requests = Service(3, (sent, took) => sent + took > 6_000 && sent < 8_000 ? (8_000 + took - sent, true) : null);

        Assert.InRange((DamageSearch.First(requests, 0)!.Value - Begin) / Ms, 5_900, 6_200);
    }

    [Fact]
    public void Service_that_never_answered_tells_nothing() => Assert.Null(DamageSearch.First(Service(1, (_, _) => (1, false)), 0));

    [Fact]
    public void Damage_in_the_warm_up_is_left_out() =>
        Assert.Null(DamageSearch.First(Service(1, Killed(1_000, 500)), Begin + (2_000 * Ms)));

    private static Func<double, double, (double, bool)?> Killed(double at, double lasts) => (sent, took) =>
        sent < at && sent + took > at ? (at - sent, false) : sent >= at && sent < at + lasts ? (0.3, false) : null;

    private static RecoveryInput Input(RequestSample[] requests) => new()
    {
        Zero = DamageSearch.First(requests, 0)!.Value, Requests = requests, SteadyFor = TimeSpan.FromSeconds(1),
    };

    // 100 requests a second for 20 s, answers of 40 ms that differ by a quarter; a fate in milliseconds decides otherwise.
    private static RequestSample[] Service(int seed, Func<double, double, (double Took, bool Ok)?> fate)
    {
        var random = new Random(seed);
        var requests = new List<RequestSample>();
        for (var i = 0; i < 2_000; i++)
        {
            var sent = (i * 10) + (random.NextDouble() * 8);
            var took = 40 * (0.75 + (random.NextDouble() * 0.5));
            var (lasted, ok) = fate(sent, took) ?? (took, true);
            requests.Add(new RequestSample(i % 10, Begin + (long)(sent * Ms), Begin + (long)((sent + lasted) * Ms),
                ok) { Request = i / 10 });
        }

        return [.. requests.OrderBy(request => request.Start)];
    }
}
