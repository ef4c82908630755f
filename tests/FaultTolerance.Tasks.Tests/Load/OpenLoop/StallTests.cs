using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Load.OpenLoop;

/// <summary>What the open loop is for: a stall of the service shows at its true length in the latency from the intended start.</summary>
public sealed class StallTests
{
    [Fact]
    public async Task Stall_shows_in_every_request_that_was_meant_to_fall_into_it()
    {
        using var fixture = new LoadFixture();
        // Half a second after the service has seen its first request.
        var stall = new Lazy<DateTimeOffset>(() => fixture.Clock.Now.AddSeconds(0.5));
        var service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                while (stall.Value is var from && fixture.Clock.Now is var now && now >= from && now < from.AddSeconds(1))
                {
                    await Task.Delay(5);
                }

                await s.AnswerAsync(Bodies.Chat());
            }
        });
        var spec = LoadFixture.Fast with { Mode = LoadMode.Open, RatePerClient = 50, RequestsPerClient = 150 };

        var totals = await fixture.RunAsync(spec, service);

        Assert.Equal(300, totals.Succeeded);
        var (begins, ends) = (stall.Value, stall.Value.AddSeconds(1));
        var inside = fixture.Lines(0).Concat(fixture.Lines(1))
            .Select(l => (Intended: l.GetProperty("intended").GetDateTimeOffset(),
                Last: l.GetProperty("results")[0].GetProperty("lastByte").GetDateTimeOffset()))
            .Where(r => r.Intended >= begins && r.Intended < ends).ToArray();
        // A hundred a second by plan, none of them answered before the stall was over: a closed loop would have seen two.
        Assert.InRange(inside.Length, 99, 101);
        Assert.All(inside, r => Assert.True(r.Last >= ends));
    }
}
