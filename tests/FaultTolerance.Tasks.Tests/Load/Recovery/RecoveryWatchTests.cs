using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Load.Recovery;

public sealed class RecoveryWatchTests : IDisposable
{
    private readonly LoadFixture _fixture = new();
    private readonly Steadiness _steady = new();

    [Fact]
    public void GoesOn_no_fault_at_all_no() => Assert.False(Watch().GoesOn(At(0), At(20), At(20)));

    [Fact]
    public void GoesOn_fault_is_ordered_and_not_yet_proven_yes()
    {
        _steady.Says = true;
        Write(10, new FaultIssued { Id = "1.1" });
        var watch = Watch();

        Assert.True(watch.GoesOn(At(0), At(20), At(20)));
        Write(25, new FaultLanded { Id = "1.1" });
        Assert.False(watch.GoesOn(At(0), At(20), At(26)));
        Assert.Equal([At(10), At(25)], _steady.Marks);
    }

    [Fact]
    public void GoesOn_fault_without_proof_is_given_up()
    {
        _steady.Says = true;
        Write(10, new FaultIssued { Id = "1.1" });
        Write(12, new FaultUnproven { Id = "1.1" });

        Assert.False(Watch().GoesOn(At(0), At(20), At(20)));
    }

    [Fact]
    public void GoesOn_until_steady_at_most_its_limit_after_the_plan()
    {
        Write(10, new FaultIssued { Id = "1.1" });
        Write(10, new FaultLanded { Id = "1.1" });
        var watch = Watch();

        Assert.True(watch.GoesOn(At(0), At(20), At(79.9)));
        Assert.False(watch.GoesOn(At(0), At(20), At(80)));
    }

    [Fact]
    public void GoesOn_limit_counts_from_an_order_that_came_after_the_plan()
    {
        var watch = Watch(lastDue: 50);
        Assert.True(watch.GoesOn(At(0), At(20), At(40)));
        Write(50.1, new FaultIssued { Id = "2.1" });

        Assert.True(watch.GoesOn(At(0), At(20), At(110)));
        Assert.False(watch.GoesOn(At(0), At(20), At(110.2)));
    }

    [Fact]
    public void GoesOn_waits_for_the_last_fault_that_is_planned()
    {
        _steady.Says = true;
        Write(10, new FaultIssued { Id = "1.1" });
        Write(10, new FaultLanded { Id = "1.1" });
        var watch = Watch(lastDue: 30);

        Assert.True(watch.GoesOn(At(0), At(20), At(31)));
        Assert.False(watch.GoesOn(At(0), At(20), At(32.1)));
    }

    [Fact]
    public async Task Load_goes_on_for_a_fault_that_another_process_injects_and_that_lands_late()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        // Another writer of the file, as another process has one.
        using var other = new TimelineWriter(fixture.Folder.Timeline, fixture.Clock);
        var start = fixture.Clock.Now;
        var down = false;
        using var order = time.CreateTimer(
            _ => other.Write(new FaultIssued { Id = "1.1" }),
            null,
            TimeSpan.FromSeconds(10),
            Timeout.InfiniteTimeSpan
        );
        using var death = time.CreateTimer(_ => down = true, null, TimeSpan.FromSeconds(17), Timeout.InfiniteTimeSpan);
        using var landing = time.CreateTimer(
            _ => other.Write(new FaultLanded { Id = "1.1" }),
            null,
            TimeSpan.FromSeconds(19),
            Timeout.InfiniteTimeSpan
        );
        using var back = time.CreateTimer(_ => down = false, null, TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
        var service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                await s.AnswerAsync(down ? "{}" : Bodies.Chat(), down ? 503 : 200);
            }
        });
        var spec = LoadFixture.Fast with
        {
            Clients = 4,
            RatePerClient = 5,
            RequestsPerClient = 80,
            UntilRecovered = TimeSpan.FromSeconds(60),
        };

        // The plan takes 16 s: it is over between the order and the first harm.
        var totals = await LoadFixture.DriveAsync(time, fixture.RunAsync(spec, service), TimeSpan.FromMilliseconds(100));

        Assert.True(totals.Failed > 0);
        Assert.InRange((fixture.Clock.Now - start).TotalSeconds, 34, 45);
    }

    public void Dispose() => _fixture.Dispose();

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private void Write(double at, TimelineEvent item) => _fixture.Timeline.Write(At(at), item);

    private RecoveryWatch Watch(double? lastDue = null) =>
        new(
            _steady,
            new TimelineFollower(_fixture.Folder.Timeline),
            TimeSpan.FromSeconds(60),
            lastDue is { } due ? TimeSpan.FromSeconds(due) : null
        );

    private sealed class Steadiness : ISteadyState
    {
        public bool Says { get; set; }

        public List<DateTimeOffset> Marks { get; } = [];

        public void Sent(int client, long request, DateTimeOffset at)
        {
        }

        public void Ended(in EndedRequest ended)
        {
        }

        public void MarkFault(DateTimeOffset at) => Marks.Add(at);

        public bool IsSteady(DateTimeOffset now) => Says || Marks.Count == 0;
    }
}
