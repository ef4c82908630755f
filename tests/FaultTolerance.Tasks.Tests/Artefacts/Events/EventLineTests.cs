using System.Buffers;
using System.Globalization;
using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Tests.Artefacts.Events;

public sealed class EventLineTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.Parse("2026-01-02T03:04:05.1234567Z", CultureInfo.InvariantCulture);

    private static readonly string[] Golden = File.ReadAllLines(
        Path.Combine(AppContext.BaseDirectory, "Artefacts", "Events", "golden", "timeline.jsonl")
    );

    private static readonly FaultLanded Kill = new()
    {
        Id = "1.1",
        Failure = "engine",
        Kind = "killProcess",
        Service = "VllmDecodeWorker",
        Pod = "agg-0-vllmdecodeworker-x7",
        Uid = "u-1",
        Container = "main",
    };

    private static readonly TimelineEvent[] Events =
    [
        new PhaseChanged { Phase = "Deploy", State = PhaseState.Started },
        new PhaseChanged { Phase = "Deploy", State = PhaseState.Failed, Reason = "FT0402: not ready in 60 s" },
        new DeploymentCreated("agg"),
        new DeploymentReady("agg"),
        new LoadStarted
        {
            Clients = 10,
            Planned = 1500,
            Mode = LoadMode.Closed,
            WarmUp = 0,
            OutputTokens = 150,
            Period = 0.5,
            Starts = [0.0312, 0.2],
        },
        new FirstRequestSent(),
        new LoadHealth
        {
            SendLagP50 = 0.00010149999,
            SendLagP99 = 0.0024,
            SendLagMax = 0.0031,
            AskedRate = 20,
            AchievedRate = 19.5,
            CpuShare = 0.0312,
            GcPause = 0.0015,
            PoolDelayP99 = 0.0012,
            PoolDelayMax = 0.0144,
            Duration = 75.2,
            Valid = true,
        },
        new LoadHealth
        {
            SendLagP50 = 0.2,
            SendLagP99 = 0.9,
            SendLagMax = 1.5,
            AskedRate = 0,
            AchievedRate = 0,
            CpuShare = 0,
            GcPause = 0,
            PoolDelayP99 = 0,
            PoolDelayMax = 0,
            FloorP50 = 0.0000521,
            FloorP99 = 0.0011,
            Duration = 0,
            Valid = false,
            Reasons = ["sent too late", "processors: 95 %"],
        },
        new LoadEnded
        {
            Planned = 12,
            Sent = 10,
            NotSent = 2,
            Shed = 1,
            Succeeded = 9,
            Failed = 1,
            Attempts = [(Outcome.Ok, 9), (Outcome.Refused, 2)],
        },
        new FaultIssued
        {
            Id = "1.1",
            Failure = "decode_worker",
            Kind = "killProcess",
            Service = "VllmDecodeWorker",
            Pod = "agg-0-vllmdecodeworker-x7",
            Uid = "u-1",
            Container = "main",
            Pids = [1],
            Command = "python3 -m dynamo.vllm",
            Signal = "SIGINT",
            Note = "sent from ephemeral container faultmatrix",
        },
        Kill with
        {
            Pids = [31, 32],
            Command = "VLLM::EngineCore",
            Signal = "SIGKILL",
            Proof = "PID 31, 32 gone",
        },
        Kill with
        {
            Pids = [31],
            Command = "VLLM::EngineCore",
            Signal = "SIGKILL",
            Proof = "PID 31 gone",
            Uncertainty = 0.0125,
        },
        new FaultUnproven
        {
            Id = "1",
            Failure = "decode_worker_pod",
            Service = "VllmDecodeWorker",
            Proof = "FT0611: service 'VllmDecodeWorker' of graph 'agg' has no pod to break",
        },
        new FaultHit { Id = "1.1", Failure = "drain", Kind = "drainNode", Service = "decode", Target = "node-1", Pod = "small-0", Uid = "u-1" },
        new FaultReplaced
        {
            Id = "1.1",
            Failure = "decode_worker_pod",
            Kind = "deletePod",
            Service = "VllmDecodeWorker",
            Pod = "agg-0-vllmdecodeworker-x7",
            Uid = "u-1",
            Container = "main",
            Command = "delete_pod",
            Signal = "",
            NewPod = "agg-0-vllmdecodeworker-y8",
            NewUid = "u-2",
        },
        new FaultContainerEnded
        {
            Id = "1.1",
            Failure = "engine",
            Kind = "killProcess",
            Service = "VllmDecodeWorker",
            Pod = "agg-0-vllmdecodeworker-x7",
            Uid = "u-1",
            Container = "main",
            Command = "VLLM::EngineCore",
            Proof = "container ended (Error, exit code 137), restarts 1",
            Restarts = 1,
            ExitCode = 137,
            Reason = "Error",
        },
        new FaultHealed
        {
            Id = "1.1",
            Failure = "cordon",
            Kind = "cordon",
            Service = "",
            Target = "node-1",
            Command = "cordon",
            Proof = "schedulable again",
        },
        new FaultUnhealed
        {
            Id = "1.1",
            Failure = "cordon",
            Kind = "cordon",
            Service = "",
            Target = "node-1",
            Command = "cordon",
            Proof = "FT0615: not undone within 60 s",
        },
        new PodChanged
        {
            Service = "Frontend",
            Pod = "agg-0-frontend-z9",
            Uid = "u-3",
            Change = PodChange.Added,
            Restarts = 0,
            StatusAt = At.UtcTicks - 1_233_333,
        },
        new PodChanged
        {
            Service = "Frontend",
            Pod = "agg-0-frontend-z9",
            Uid = "u-3",
            Change = PodChange.ContainerTerminated,
            Container = "main",
            Restarts = 1,
            ExitCode = 137,
            Reason = "OOMKilled",
            StatusAt = At.UtcTicks - 1_234_567,
        },
        new EndpointChanged("agg-frontend", "agg-0-frontend-z9", false),
        new WayChanged("agg-0-frontend-z9", false, "no port-forward opens within 3 s", At.UtcTicks - 30_000_000),
        new WayChanged("agg-0-frontend-z9", true, null, null),
        new HealthAnswered("Frontend", "agg-0-frontend-z9", 503),
        new HealthAnswered("Frontend", "agg-0-frontend-z9", null),
        new ReplicasChanged("VllmDecodeWorker", 1, 3),
        new NeighbourChanged("other-worker-b2", "u-9", "other", "shared", true),
        new ClockMeasured(-0.012345, 0.0012341, 0.05),
        new ErrorNoted("FT0701", "pod 'p': log: timed out"),
        new DeploymentReady("agg") { States = ["pending", "successful"] },
        new LoadPodStarted
        {
            Pod = "load-0-abcde", Node = "node-1", Index = 0, FirstClient = 0, Clients = 3, Offset = -0.0125, Uncertainty = 0.05,
            StampUncertainty = 0.0004, Late = 0.000125,
        },
        new LoadPodsStarted { Pods = 2, Spread = 0.0015, Uncertainty = 0.0008 },
        new LoadPodLost { Pod = "load-0-abcde", Index = 0, Reason = "it was deleted", NotSent = 12, Planned = 30 },
        new LoadStopped { Limit = "errorShare", Reason = "30 of 40 requests failed within 10 s" },
        new LoadTarget("https://llm.example/team", "1.1", "M"),
        new ExternalExpected(30),
        new Marked("the cable is out"),
        new LoadStarted
        {
            Clients = 1, Planned = 2, Mode = LoadMode.Open, WarmUp = 0, OutputTokens = 3, GoodTtft = 0.5, GoodItl = 0.05, GoodLatency = 3,
                Reuse = "inTurn",
        },
        new FaultIssued { Id = "2", Kind = "cutApi", Target = "10.0.0.1:6443", OwnWay = true },
        new RateSearchStarted { Share = 0.95, From = 1, To = 1000, Ttft = 0.5, Itl = 0.05, Latency = null },
        new RateStepped
        {
            Step = 1, Rate = 2.5, Fate = "Held", Requests = 25, Good = 24, Throughput = 2.4, LatencyP50 = 0.5, LatencyP99 = 0.9,
            TtftP50 = 0.1, TtftP99 = 0.2, ItlP50 = 0.01, ItlP99 = 0.02,
        },
        new RateStepped { Step = 2, Rate = 5, Fate = "Unsound", Requests = 0, Good = 0, Reason = "sent too late" },
        new RateSearchEnded("Found"),
    ];

    [Fact]
    public void Write_of_each_event_is_the_golden_line() => Assert.Equal(Golden, Events.Select(Line));

    [Fact]
    public void Read_of_each_golden_line_writes_it_again()
    {
        var read = Golden.Select((line, i) => Read(line, i + 1)).ToArray();
        Assert.Equal(Golden, read.Select(Line));
        Assert.Equal(Events.Select(item => item.GetType()), read.Select(item => item.GetType()));
        Assert.All(read, item => Assert.Equal(At.UtcTicks, item.At));
        Assert.Equal(Enumerable.Range(1, Golden.Length), read.Select(item => item.Line));
    }

    [Fact]
    public void Golden_has_every_event_that_is_known() =>
        Assert.Equal(
            EventLine.Names.Order(StringComparer.Ordinal),
            Events.Select(item => item.Name).Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Read_gives_all_values_of_a_fault()
    {
        var landed = Assert.IsType<FaultLanded>(Read(Golden[10]));
        Assert.Equal(
            ("1.1", "engine", "killProcess", "VllmDecodeWorker", "agg-0-vllmdecodeworker-x7", "u-1", "main"),
            (landed.Id, landed.Failure, landed.Kind, landed.Service, landed.Pod, landed.Uid, landed.Container));
        Assert.Equal([31L, 32L], landed.Pids);
        Assert.Equal(
            (31L, "VLLM::EngineCore", "SIGKILL", "PID 31, 32 gone", "landed"),
            (landed.Pid!.Value, landed.Command, landed.Signal, landed.Proof, landed.ShortName)
        );
    }

    [Fact]
    public void Unknown_event_of_a_newer_version_is_kept_as_it_stands()
    {
        const string Line =
            """{"at":"2026-01-02T03:04:05.1234567Z","event":"fault.of_tomorrow","id":"1.1","after":2.50,"ok":true,"more":{"a":[1,"b"]}}""";
        var item = Assert.IsType<OtherEvent>(Read(Line));
        Assert.Equal(("fault.of_tomorrow", "1.1", "2.50"), (item.Name, item.Keys["id"], item.Keys["after"]));
        Assert.Equal(Line, EventLineTests.Line(item));
    }

    [Fact]
    public void Unknown_key_and_word_of_a_newer_version_are_kept_and_passed_over()
    {
        var pod = Assert.IsType<PodChanged>(
            Read("""{"at":"2026-01-02T03:04:05.1234567Z","event":"pod","pod":"p","change":"resized","cpu":2}""")
        );
        Assert.Equal(("p", null, "resized", "2"), (pod.Pod, pod.Change, pod.ChangeText, pod.Keys["cpu"]));
        Assert.Null(
            Assert
                .IsType<PhaseChanged>(Read("""{"at":"2026-01-02T03:04:05.1234567Z","event":"phase","phase":"Heal","state":"skipped"}"""))
                .State
        );
        Assert.Equal(
            [(Outcome.Ok, 3L)],
            Assert
                .IsType<LoadEnded>(
                    Read("""{"at":"2026-01-02T03:04:05.1234567Z","event":"load.ended","attempts":{"Ok":3,"Newer":1,"7":2}}""")
                )
                .Attempts
        );
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05.1000000Z", -234_567)]
    [InlineData("2026-01-02T03:04:05.0000000Z", 0)]
    [InlineData("2026-01-02T03:04:05.6000000Z", 0)]
    [InlineData("yesterday", 0)]
    [InlineData(null, 0)]
    public void Happened_is_the_pods_stamp_where_it_is_finer_than_a_second_and_not_later(string? stamp, long ticks) =>
        Assert.Equal(
            At.UtcTicks + ticks,
            Read(
                $$"""{"at":"2026-01-02T03:04:05.1234567Z","event":"pod"{{(stamp is null ? "" : $",\"statusAt\":\"{stamp}\"")}}}"""
            ).Happened
        );

    private static string Line(TimelineEvent item)
    {
        var buffer = new ArrayBufferWriter<byte>();
        EventLine.Write(buffer, At, item);
        Assert.Equal((byte)'\n', buffer.WrittenSpan[^1]);
        return Encoding.UTF8.GetString(buffer.WrittenSpan[..^1]);
    }

    private static TimelineEvent Read(string line, int number = 1)
    {
        var item = EventLine.Read(Encoding.UTF8.GetBytes(line), number, out var why);
        Assert.True(item is not null, why);
        return item;
    }
}
