using System.Text;
using CsCheck;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Reading;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Runs;

namespace FaultTolerance.Tests.Results.Recovery;

/// <summary>A service that is asked every 10 ms by each of 4 clients, answers in 5 ms, and is down for a known time.</summary>
public sealed class RecoveryMeasuresTests
{
    private const double Step = 0.01;
    private const double Fault = 20;

    [Fact]
    public void Measures_find_a_known_outage() =>
        Gen.Select(Gen.Double[0.05, 10], Gen.Double[0, 0.3]).Sample(
            (outage, delay) =>
            {
                var measures = Measure(Service(40, down: t => t >= Fault + delay && t < Fault + delay + outage));

                Near(delay, measures["first_error"], Step * 2);
                Near(delay + outage, measures["first_success"], Step * 2);
                Near(outage, measures["outage"], Step * 2);
                Near(outage, measures["outage_worst_client"], Step * 3);
                Near(outage, measures["downtime_from_losses"], (outage * 0.01) + (Step * 3));
                Near(delay + outage, measures["steady"], 0.2);
            },
            iter: 60);

    /// <summary>Whatever becomes of requests: lost at random, late, hanging, in bursts, and the load over at any time.</summary>
    [Fact]
    public void First_error_comes_before_first_success_and_that_before_steady() =>
        Gen.Select(
                Gen.Select(Gen.Double[0, 40], Gen.Double[0.001, 12], Gen.Double[0, 1]).Array[0, 400],
                Gen.Double[0, 1],
                Gen.Double[0, 12]
            )
            .Sample(
                (some, share, landed) =>
                {
                    var requests = some.Select(
                            (one, i) =>
                                new RequestSample(
                                    i % 7,
                                    At(one.Item1),
                                    At(one.Item1 + one.Item2),
                                    one.Item3 > share * 0.3 || one.Item1 < 15
                                )
                        )
                        .OrderBy(request => request.Start)
                        .ToArray();
                    var measures = RecoveryDefinitions
                        .Of(Input(requests) with { IsOrdered = true, Landed = At(Fault + landed) })
                        .ToDictionary(pair => pair.Name, pair => pair.Value);

                    var times = new[] { "first_error", "first_success", "steady" }
                        .Select(id => measures[id])
                        .Where(value => value.Kind == MeasuredKind.Value)
                        .Select(value => value.Seconds)
                        .ToArray();
                    Assert.Equal(times.Order(), times);
                    Assert.True(
                        requests.Any(request => !request.Ok && request.End < At(Fault))
                            || measures["last_error"].Kind != MeasuredKind.Value
                            || measures["steady"].Kind != MeasuredKind.Value
                            || measures["last_error"].Seconds <= measures["steady"].Seconds
                    );
                    Assert.True(
                        measures["first_error"].Kind != MeasuredKind.NotNeeded || measures["first_success"].Kind == MeasuredKind.NotNeeded
                    );
                },
                iter: 300
            );

    [Fact]
    public void Measures_without_an_outage_need_nothing()
    {
        var measures = Measure(Service(40, down: _ => false));

        Assert.Equal(MeasuredKind.NotNeeded, measures["first_error"].Kind);
        Assert.Equal(MeasuredKind.NotNeeded, measures["first_success"].Kind);
        Assert.Equal(MeasuredKind.NotNeeded, measures["downtime_from_losses"].Kind);
        Assert.Equal(MeasuredKind.NotNeeded, measures["steady"].Kind);
    }

    [Fact]
    public void Measures_of_an_outage_that_outlasts_the_load_are_lower_bounds()
    {
        var measures = Measure(Service(40, down: t => t >= Fault));

        Assert.Equal(MeasuredKind.Censored, measures["first_success"].Kind);
        Assert.Equal(MeasuredKind.Censored, measures["outage"].Kind);
        Assert.Equal(MeasuredKind.Censored, measures["steady"].Kind);
        Assert.InRange(measures["first_success"].Seconds, 19.9, 20.1);
        Assert.Equal("> 20.00", measures["first_success"].ToCell());
        Assert.All(["first_success", "outage", "steady", "harmed"], name => Assert.Equal("the load ended", measures[name].Event));
    }

    [Fact]
    public void Measures_of_a_load_that_ends_in_the_outage_are_not_steady_before_its_last_failure()
    {
        // Two seconds are too few to look for five steady ones in.
        var measures = Measure(Service(Fault + 2, down: t => t >= Fault));

        Assert.Equal(MeasuredKind.Censored, measures["steady"].Kind);
        Assert.InRange(measures["steady"].Seconds, 1.95, 2.05);
    }

    [Fact]
    public void Measures_of_a_load_that_ends_well_and_early_do_not_know_whether_it_is_steady() =>
        Assert.Equal(MeasuredKind.Unknown, Measure(Service(Fault + 2, down: _ => false))["steady"].Kind);

    [Fact]
    public void First_success_is_of_a_request_sent_after_the_first_failure()
    {
        // Two were under way when the service went: one fails at once, the other's answer comes a little later.
        var measures = Measure([
            .. Service(Fault - 0.1, down: _ => false),
            new(0, At(Fault - 0.01), At(Fault), false),
            new(1, At(Fault - 0.01), At(Fault + 0.01), true),
            .. Service(40, down: t => t < Fault + 3).Where(request => request.Start > At(Fault + 0.02)),
        ]);

        Near(3, measures["first_success"], Step);
    }

    [Fact]
    public void First_success_is_not_an_answer_that_came_before_the_fault_had_landed()
    {
        // The order took 100 ms to land: one request that was sent in them is lost, the next is answered still.
        RequestSample[] requests =
        [
            .. Service(Fault - 0.1, down: _ => false),
            new(0, At(Fault + 0.01), At(Fault + 0.1), false),
            new(1, At(Fault + 0.02), At(Fault + 0.03), true),
            .. Service(40, down: t => t < Fault + 3).Where(request => request.Start > At(Fault + 0.1)),
        ];
        var measures = RecoveryDefinitions
            .Of(Input(requests) with { IsOrdered = true, Landed = At(Fault + 0.1) })
            .ToDictionary(pair => pair.Name, pair => pair.Value);

        Near(3, measures["first_success"], Step);
    }

    [Fact]
    public void Measures_of_clients_in_step_claim_nothing_where_nothing_failed()
    {
        // Ten clients that ask once a second, all at the same instant: for nine tenths of the time there is no answer.
        var measures = Measure([.. Enumerable.Range(0, 400).Select(i => new RequestSample(i % 10, At(i / 10), At((i / 10) + 0.05), true))]);

        Assert.All(["first_error", "last_error", "outage", "outage_worst_client", "harmed", "steady", "downtime_from_losses"], id =>
            Assert.Equal(MeasuredKind.NotNeeded, measures[id].Kind)
        );
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(10, 8)]
    public void Measures_of_clients_that_hang_at_one_a_second_are_harm(int clients, int hang)
    {
        // Until second 20 each is answered at once; then some wait for 8 s, once.
        var measures = Measure([
            .. Enumerable
                .Range(0, clients)
                .SelectMany(client =>
                    Enumerable
                        .Range(0, 50)
                        .Select(second => second + (client / 10.0))
                        .Where(at => client >= hang || at < Fault || at >= Fault + 8 || (int)at == Fault)
                        .Select(at => new RequestSample(client, At(at), At(client < hang && (int)at == Fault ? at + 8 : at + 0.05), true))
                )
                .OrderBy(request => request.Start),
        ]);

        Near(8.7, measures["steady"], 0.3);
        Near(8.6, measures["harmed"], 0.3);
        Assert.Equal(hang == clients ? MeasuredKind.Value : MeasuredKind.NotNeeded, measures["outage"].Kind);
    }

    [Fact]
    public void Steady_of_too_few_answers_is_unknown_and_says_why()
    {
        var measures = Measure([.. Enumerable.Range(0, 20).Select(i => new RequestSample(0, At(i * 2), At((i * 2) + 0.1), true))]);

        Assert.Equal(MeasuredKind.Unknown, measures["steady"].Kind);
        Assert.Equal("fewer than 20 requests were answered before the fault", measures["steady"].Event);
    }

    [Fact]
    public void Steady_comes_after_the_last_of_several_damages()
    {
        var shocks = new[] { 5, 10, 15 };
        var requests = Service(60, down: t =>
            (t >= Fault && t < Fault + 0.4) || shocks.Any(shock => t >= Fault + shock && t < Fault + shock + 0.0099 && (t * 400 % 4) < 1)
        );

        var measures = Measure(requests);

        Near(0.4, measures["first_success"], Step * 2);
        Near(0.4, measures["outage"], Step * 2);
        Near(15, measures["last_error"], Step * 2);
        Near(15, measures["steady"], Step * 2);
        Assert.Equal(4, Damage.Of(Input(requests), []).Spells.Length);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Downtime_from_losses_takes_the_rate_that_was_offered(bool openLoop, double expected)
    {
        // By chance twice as many came before the fault as the plan has.
        RequestSample[] requests =
        [
            .. Enumerable.Range(0, 40).Select(i => new RequestSample(0, At(Fault - 2 + (i * 0.05)), At(Fault - 2 + (i * 0.05)), true)),
            .. Enumerable.Range(0, 381).Select(i => new RequestSample(0, At(Fault + (i * 0.1)), At(Fault + (i * 0.1)), i is < 10 or >= 30)),
        ];

        Near(
            expected,
            RecoveryDefinitions
                .Of(Input(requests) with { IsOpenLoop = openLoop })
                .Single(pair => pair.Name == "downtime_from_losses")
                .Value,
            0.1
        );
    }

    [Fact]
    public void Measures_name_their_events()
    {
        var measures = Measure(Service(40, down: t => t is >= Fault and < Fault + 3));

        Assert.StartsWith("client ", measures["first_error"].Event, StringComparison.Ordinal);
        Assert.EndsWith("failed", measures["first_error"].Event, StringComparison.Ordinal);
        Assert.EndsWith("succeeded", measures["first_success"].Event, StringComparison.Ordinal);
        Assert.Equal($"until {measures["first_success"].Event}", measures["outage"].Event);
        Assert.Equal("1200 requests lost of 400 a second offered", measures["downtime_from_losses"].Event);
        Assert.Equal("the first request after the last harm", measures["steady"].Event);
    }

    [Theory]
    [InlineData(-0.001, "0.00")]
    [InlineData(-0.0049, "0.00")]
    [InlineData(-0.3349, "-0.33")]
    [InlineData(2.5, "2.50")]
    public void ToCell_nothing_has_no_sign(double seconds, string expected) =>
        Assert.Equal(expected, new Measured(MeasuredKind.Value, seconds).ToCell());

    [Fact]
    public void AtLeast_of_nothing_says_nothing() => Assert.Equal(Measured.Unknown, Measured.AtLeast(0));

    [Fact]
    public void Measures_of_a_service_that_is_slow_without_errors_are_not_steady()
    {
        var measures = Measure(Service(40, down: _ => false, latency: t => t is >= Fault and < Fault + 4 ? 0.05 : 0.005));

        Assert.Equal(MeasuredKind.NotNeeded, measures["first_error"].Kind);
        Near(4, measures["steady"], 0.3);
    }

    [Fact]
    public void Measures_of_the_cluster_come_from_the_service_that_was_hit()
    {
        var requests = Service(40, down: _ => false);
        var measures = RecoveryDefinitions
            .Of(
                Input(requests) with
                {
                    Zero = At(Fault - 0.2),
                    IsOrdered = true,
                    Landed = At(Fault),
                    Service = "VllmDecodeWorker",
                    Timeline =
                    [
                        Pod(5, "VllmDecodeWorker", "a", "ready"),
                        Pod(5, "VllmDecodeWorker", "b", "ready"),
                        Pod(6, "Frontend", "f", "ready"),
                        Pod(Fault + 0.1, "Frontend", "f", "not_ready"),
                        Pod(Fault + 0.3, "VllmDecodeWorker", "a", "deleted"),
                        Pod(Fault + 1, "VllmDecodeWorker", "c", "container_started"),
                        Pod(Fault + 3, "VllmDecodeWorker", "c", "ready"),
                        Endpoint(Fault + 0.2, "graph-frontend", "f", "false"),
                        Endpoint(Fault + 0.25, "graph-vllmdecodeworker", "a", "false"),
                        Endpoint(Fault + 3.5, "graph-vllmdecodeworker", "c", "true"),
                    ],
                    ReadyLines =
                    [
                        new ReadyLine("VllmDecodeWorker", "c", At(Fault + 2.5), "c.log", 1),
                        new ReadyLine("Frontend", "f", At(Fault + 2), "f.log", 1),
                    ],
                }
            )
            .ToDictionary(pair => pair.Name, pair => pair.Value);

        Near(0.2, measures["landed"], 1e-6);
        Near(0.45, measures["first_notice"], 1e-6);
        Near(1.2, measures["container_started"], 1e-6);
        Near(2.7, measures["engine_initialised"], 1e-6);
        Near(3.2, measures["pod_ready"], 1e-6);
        Near(3.7, measures["endpoint_back"], 1e-6);
        Near(3.2, measures["capacity_back"], 1e-6);
        Assert.Equal(
            ["endpoint not ready a1", "pod container_started c1", "ready text of c", "pod ready c1", "endpoint ready c1", "pod ready c1"],
            new[] { "first_notice", "container_started", "engine_initialised", "pod_ready", "endpoint_back", "capacity_back" }.Select(
                name => measures[name].Event
            )
        );
    }

    [Theory]
    [InlineData(2, 1, 1.8)]
    [InlineData(2, 3, 4.0)]
    [InlineData(2, 2, 3.0)]
    public void Capacity_back_counts_against_the_number_that_is_then_wanted(int before, int wanted, double expected)
    {
        var input = Input(Service(40, down: _ => false)) with
        {
            Service = "VllmDecodeWorker",
            Timeline =
            [
                Pod(5, "VllmDecodeWorker", "a", "ready"),
                Pod(5, "VllmDecodeWorker", "b", "ready"),
                Pod(Fault + 0.3, "VllmDecodeWorker", "a", "deleted"),
                .. wanted == before ? Array.Empty<TimelineEvent>()
                    : [new ReplicasChanged("VllmDecodeWorker", before, wanted) { At = At(Fault + 1.8) }],
                Pod(Fault + 3, "VllmDecodeWorker", "c", "ready"),
                ((PodChanged)Pod(Fault + 3.5, "VllmDecodeWorker", "h", "ready")) with { Headless = true },
                Pod(Fault + 4, "VllmDecodeWorker", "d", "ready"),
            ],
        };

        Near(expected, new CapacityBack().Measure(input), 1e-6);
    }

    [Fact]
    public void Silent_engine_is_unknown_with_the_reason()
    {
        var measured = new EngineInitialised().Measure(Input(Service(40, down: _ => false)) with { Service = "decode", Silent = ["decode"] });

        Assert.Equal((MeasuredKind.Unknown, "this engine writes no ready text"), (measured.Kind, measured.Event));
    }

    [Fact]
    public void Measures_without_a_timeline_are_unknown_where_they_need_one()
    {
        var measures = Measure(Service(40, down: _ => false));

        Assert.All(["landed", "first_notice", "pod_ready", "capacity_back", "engine_initialised"], name =>
            Assert.Null(measures[name].ToCell())
        );
    }

    [Fact]
    public void Measures_of_a_fault_after_the_load_claim_nothing()
    {
        var measures = Measure(Service(Fault - 1, down: _ => false));

        Assert.All(measures.Values, measure => Assert.Equal(MeasuredKind.Unknown, measure.Kind));
        Assert.Null(Damage.Of(Input(Service(Fault - 1, down: _ => false)), []).Depth);
    }

    [Fact]
    public void Damage_counts_what_was_lost()
    {
        var requests = Service(40, down: t => t is >= Fault and < Fault + 3);

        var damage = Damage.Of(Input(requests), []);

        Assert.Equal(requests.Count(request => !request.Ok), damage.LostRequests);
        Assert.Equal(0, damage.Depth);
        Assert.InRange(damage.Area!.Value, 1150, 1250);
    }

    private static void Near(double expected, Measured actual, double tolerance)
    {
        Assert.Equal(MeasuredKind.Value, actual.Kind);
        Assert.InRange(actual.Seconds, expected - tolerance, expected + tolerance);
    }

    private static Dictionary<string, Measured> Measure(RequestSample[] requests) =>
        RecoveryDefinitions.Of(Input(requests)).ToDictionary(pair => pair.Name, pair => pair.Value);

    private static RecoveryInput Input(RequestSample[] requests) => new() { Zero = At(Fault), Requests = requests };

    private static RequestSample[] Service(double seconds, Func<double, bool> down, Func<double, double>? latency = null)
    {
        var requests = new List<RequestSample>();
        for (var client = 0; client < 4; client++)
        {
            for (var t = client * Step / 4; t < seconds; t += Step)
            {
                requests.Add(
                    new RequestSample(client, At(t), At(t + (latency?.Invoke(t) ?? 0.005)), !down(t))
                    {
                        Request = (int)Math.Round(t / Step),
                    }
                );
            }
        }

        return [.. requests.OrderBy(request => request.Start).ThenBy(request => request.Client)];
    }

    private static long At(double seconds) => ArtefactFolder.Zero.Ticks + (long)(seconds * TimeSpan.TicksPerSecond);

    private static TimelineEvent Pod(double at, string service, string pod, string change) =>
        Event(at, $$"""{"event":"pod","service":"{{service}}","uid":"{{pod}}","pod":"{{pod}}1","change":"{{change}}",""");

    private static TimelineEvent Endpoint(double at, string service, string pod, string ready) =>
        Event(at, $$"""{"event":"endpoint","service":"{{service}}","pod":"{{pod}}1","ready":{{ready}},""");

    private static TimelineEvent Event(double at, string begin) =>
        EventLine.Read(
            Encoding.UTF8.GetBytes($$"""{{begin}}"at":"{{RunClock.Format(new DateTimeOffset(At(at), TimeSpan.Zero))}}"}"""),
            0,
            out _
        )!;
}
