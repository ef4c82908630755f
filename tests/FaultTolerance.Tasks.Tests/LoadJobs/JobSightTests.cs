using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load;
using FaultTolerance.Scenarios;

namespace FaultTolerance.LoadJobs;

public sealed class JobSightTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Broken_failures_in_a_row_over_two_pods_are_counted_in_the_order_of_their_instants()
    {
        var sight = new JobSight(new LoadSpec { Clients = 2, StopWhen = new StopWhen { ErrorsInARow = 3 } }, pods: 2);

        // In the order in which the pods tell it would be three in a row.
        sight.Take(0, At(10), [], [Log(0, (0, 1.0, false), (1, 2.0, false), (2, 4.0, false))]);
        sight.Take(1, At(10), [], [Log(1, (0, 3.0, true))]);

        Assert.Null(sight.Broken());
        sight.Take(1, At(11), [], [Log(1, (1, 9.95, false))]);
        sight.Take(0, At(11), [], [Log(0, (3, 9.97, false))]);

        Assert.Equal("errorsInARow", sight.Broken()?.Key);
    }

    [Fact]
    public void Broken_what_only_one_pod_has_told_waits_for_the_other()
    {
        var sight = new JobSight(new LoadSpec { Clients = 2, StopWhen = new StopWhen { Lost = 0 } }, pods: 2);

        sight.Take(0, At(10), [], [Log(0, (0, 1.0, false))]);
        Assert.Null(sight.Broken());
        sight.Take(1, At(0.5), [], []);
        Assert.Null(sight.Broken());
        sight.Take(1, At(2), [], []);

        Assert.Equal("lost", sight.Broken()?.Key);
    }

    [Fact]
    public void Broken_requests_under_way_are_counted_once_however_often_they_are_told()
    {
        var sight = new JobSight(
            new LoadSpec { Clients = 4, StopWhen = new StopWhen { Queue = 2, Outage = TimeSpan.FromSeconds(5) } }, pods: 1);

        sight.Take(0, At(1), [.. Open(0, 0, 0.1), .. Open(1, 0, 0.2)], []);
        sight.Take(0, At(2), [.. Open(0, 0, 0.1), .. Open(1, 0, 0.2)], []);
        Assert.Null(sight.Broken());
        sight.Take(0, At(5.3), [.. Open(0, 0, 0.1), .. Open(1, 0, 0.2)], []);
        Assert.Equal("outage", sight.Broken()?.Key);
        sight.Take(0, At(5.5), [.. Open(0, 0, 0.1), .. Open(1, 0, 0.2), .. Open(2, 0, 5.3)], []);

        Assert.Equal("queue", sight.Broken()?.Key);
    }

    [Fact]
    public void Gone_what_was_under_way_in_a_lost_pod_waits_for_nobody()
    {
        var sight = new JobSight(new LoadSpec { Clients = 2, StopWhen = new StopWhen { Outage = TimeSpan.FromSeconds(5) } }, pods: 2);
        sight.Take(0, At(1), Open(0, 0, 0.1), []);
        sight.Take(1, At(1), [], []);

        sight.Gone(0, new ClientShare(0, 1));
        sight.Take(1, At(20), [], []);

        Assert.Null(sight.Broken());
    }

    [Fact]
    public void IsSteady_before_all_pods_have_told_of_the_fault_nobody_knows()
    {
        var sight = Healthy(upTo: 10);

        Assert.True(sight.IsSteady(At(10)));
        sight.MarkFault(At(10));

        Assert.False(sight.IsSteady(At(10.1)));
    }

    [Fact]
    public void IsSteady_requests_of_one_pod_fail_and_then_all_are_answered_again()
    {
        var sight = Healthy(upTo: 10);
        sight.MarkFault(At(10));
        Feed(sight, from: 10, upTo: 14, ok: false);
        Assert.False(sight.IsSteady(At(14)));

        Feed(sight, from: 14, upTo: 24, ok: true);

        Assert.True(sight.IsSteady(At(24)));
    }

    private static JobSight Healthy(double upTo)
    {
        var sight = new JobSight(new LoadSpec { Clients = 2, UntilRecovered = TimeSpan.FromSeconds(60) }, pods: 2);
        Feed(sight, 0, upTo, ok: true);
        return sight;
    }

    // Ten requests a second of each of two pods; the first one's fail where they do.
    private static void Feed(JobSight sight, double from, double upTo, bool ok)
    {
        var numbers = Enumerable.Range((int)(from * 10), (int)((upTo - from) * 10));
        foreach (var number in numbers)
        {
            var end = (number / 10.0) + 0.05;
            sight.Take(0, At(end + 0.11), [], [Log(0, (number, end, ok))]);
            sight.Take(1, At(end + 0.11), [], [Log(1, (number, end, true))]);
        }
    }

    private static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private static long[] Open(int client, int request, double sent) => [client, request, At(sent).UtcTicks];

    private static ClientLog Log(int client, params (int Request, double End, bool Ok)[] requests) => ToldLogs.Of(client, Start, requests);
}
