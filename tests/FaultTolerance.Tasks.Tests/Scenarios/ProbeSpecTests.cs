using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Scenarios;

public sealed class ProbeSpecTests
{
    private static readonly LoadSpec Load = new()
    {
        Clients = 200, RequestsPerClient = 60, InputTokens = 7, OutputTokens = 9, Stream = true, Api = Api.Completions, RatePerClient = 3,
        Timeout = TimeSpan.FromSeconds(4), WarmUp = TimeSpan.FromSeconds(2), Ramp = TimeSpan.FromSeconds(1), Pods = 4, PodImage = "i",
        ProbeRate = 2.5, Seed = 11, UntilRecovered = TimeSpan.FromSeconds(9), StopWhen = new() { Lost = 3 }, Continuity = true,
    };

    [Fact]
    public void Of_is_one_client_in_an_open_loop_at_its_own_rate_of_this_process()
    {
        var probe = ProbeSpec.Of(Load);

        Assert.Equal(
            (LoadMode.Open, 1, 1L, 2.5, 0, 0d),
            (probe.Mode, probe.Clients, probe.Planned, probe.RatePerClient, probe.Pods, probe.ProbeRate));
        Assert.Equal((Arrivals.Constant, TimeSpan.Zero), (probe.Arrivals, probe.Ramp));
        // What ends it is the load's end alone.
        Assert.Null(probe.UntilRecovered);
        Assert.Null(probe.StopWhen);
        Assert.False(probe.Continuity);
    }

    [Fact]
    public void Of_asks_as_the_loads_clients_do_with_prompts_of_its_own()
    {
        var probe = ProbeSpec.Of(Load);

        Assert.Equal(
            (7, 9, true, Api.Completions, Load.Timeout),
            (probe.InputTokens, probe.OutputTokens, probe.Stream, probe.Api, probe.Timeout));
        Assert.NotEqual(Load.Seed, probe.Seed);
        Assert.Equal(ProbeSpec.Of(Load).Seed, probe.Seed);
    }

    [Fact]
    public void Refusal_of_a_trace_and_of_sessions_says_why()
    {
        Assert.Null(ProbeSpec.Refusal(Load));
        Assert.Contains("a trace", ProbeSpec.Refusal(Load with { Trace = new(new WorkFile("t", "h", 3), 1, 1) }), StringComparison.Ordinal);
        Assert.Contains("turns", ProbeSpec.Refusal(Load with { Sessions = new(3) }), StringComparison.Ordinal);
    }
}
