using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Graphs;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.LoadJobs;

public sealed class JobJudgeTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoadFixture _fixture;
    private readonly DateTimeOffset _start;

    public JobJudgeTests()
    {
        _fixture = new LoadFixture(_time);
        _start = _fixture.Clock.Now;
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Look_a_broken_limit_stops_the_load_once_and_the_timeline_tells_it()
    {
        var (judge, sight) = Of(new LoadSpec { Clients = 1, StopWhen = new StopWhen { Lost = 0 } });
        Assert.Equal((null, false), judge.Look(At(0), null));

        sight.Take(0, At(2), [], [Log(1, ok: false)]);
        var (stop, enough) = judge.Look(At(0), null);

        Assert.StartsWith("stopWhen lost: ", stop, StringComparison.Ordinal);
        Assert.False(enough);
        Assert.Equal("lost", Assert.Single(Told().OfType<LoadStopped>()).Limit);
        Assert.Equal((null, false), judge.Look(At(0), null));
        Assert.Single(Told().OfType<LoadStopped>());
    }

    [Fact]
    public void Look_a_load_without_untilRecovered_has_never_gone_on_for_long_enough()
    {
        var (judge, sight) = Of(new LoadSpec { Clients = 1, StopWhen = new StopWhen { Lost = 5 } });
        Feed(sight, 0, 60, ok: true);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal((null, false), judge.Look(At(0), At(10)));
    }

    [Fact]
    public void Look_before_a_pod_has_sent_its_plan_it_is_not_enough()
    {
        var (judge, sight) = Of(UntilRecovered(60));
        Feed(sight, 0, 20, ok: true);
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.False(judge.Look(At(0), planEnded: null).Enough);
        Assert.True(judge.Look(At(0), planEnded: At(15)).Enough);
    }

    [Fact]
    public void Look_after_a_fault_it_is_enough_once_the_service_is_steady_and_stays_so()
    {
        var (judge, sight) = Of(UntilRecovered(60), lastFaultDue: 10);
        Feed(sight, 0, 10, ok: true);
        _fixture.Timeline.Write(At(10), new FaultIssued { Id = "1.1" });
        _fixture.Timeline.Write(At(10.5), new FaultLanded { Id = "1.1" });
        Feed(sight, 10, 15, ok: false);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(judge.Look(At(0), At(12)).Enough);

        Feed(sight, 15, 25, ok: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(judge.Look(At(0), At(12)).Enough);

        // The pods have been told; what comes now takes nothing back.
        Feed(sight, 25, 27, ok: false);
        Assert.True(judge.Look(At(0), At(12)).Enough);
    }

    [Fact]
    public void Look_a_service_that_never_recovers_is_left_after_the_longest_time()
    {
        var (judge, sight) = Of(UntilRecovered(30), lastFaultDue: 5);
        Feed(sight, 0, 5, ok: true);
        _fixture.Timeline.Write(At(5), new FaultIssued { Id = "1.1" });
        _fixture.Timeline.Write(At(5), new FaultLanded { Id = "1.1" });
        Feed(sight, 5, 45, ok: false);
        _time.Advance(TimeSpan.FromSeconds(39));
        Assert.False(judge.Look(At(0), At(10)).Enough);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(judge.Look(At(0), At(10)).Enough);
    }

    private static LoadSpec UntilRecovered(double seconds) => new() { Clients = 1, UntilRecovered = TimeSpan.FromSeconds(seconds) };

    private (JobJudge Judge, JobSight Sight) Of(LoadSpec load, double? lastFaultDue = null)
    {
        var sight = new JobSight(load, pods: 1);
        var options = new LoadJobOptions
        {
            Owner = new GraphOwner("run", "row", "ns"),
            Load = load,
            Model = "m",
            Frontends = () => [],
            Deadline = TimeSpan.FromMinutes(1),
            LastFaultDue = lastFaultDue is { } due ? TimeSpan.FromSeconds(due) : null,
        };
        return (new JobJudge(options, sight, _fixture.Timeline), sight);
    }

    private IReadOnlyList<TimelineEvent> Told() => new TimelineFollower(_fixture.Folder.Timeline).Next();

    // Ten requests a second of the one client.
    private void Feed(JobSight sight, int from, int upTo, bool ok)
    {
        for (var number = from * 10; number < upTo * 10; number++)
        {
            sight.Take(0, At((number / 10.0) + 0.16), [], [Log((number / 10.0) + 0.05, ok, number)]);
        }

        sight.Take(0, At(upTo), [], []);
    }

    private DateTimeOffset At(double seconds) => _start + TimeSpan.FromSeconds(seconds);

    private ClientLog Log(double end, bool ok, int request = 0) => ToldLogs.Of(0, _start, (request, end, ok));
}
