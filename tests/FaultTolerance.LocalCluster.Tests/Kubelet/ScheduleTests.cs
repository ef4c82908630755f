using CsCheck;
using FaultTolerance.LocalCluster.Kubelet;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Backoff_is_none_then_10_20_40_up_to_300_seconds()
    {
        var backoff = new RestartBackoff(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
        var waits = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            waits.Add(backoff.WaitAfter(Start).TotalSeconds);
            backoff.Restarted(Start);
        }

        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], waits);
    }

    [Fact]
    public void Backoff_is_bounded_never_falls_within_a_row_and_is_forgotten_after_ten_minutes() =>
        Gen.Int[1, 1200].Array[1, 30].Sample(runs =>
        {
            var maximum = TimeSpan.FromMinutes(5);
            var backoff = new RestartBackoff(TimeSpan.FromSeconds(10), maximum);
            var now = Start;
            var last = TimeSpan.Zero;
            foreach (var run in runs)
            {
                now += TimeSpan.FromSeconds(run);
                var wait = backoff.WaitAfter(now);
                Assert.InRange(wait, TimeSpan.Zero, maximum);
                Assert.True(wait >= last || run > 600);
                Assert.True(run <= 600 || wait == TimeSpan.Zero);
                now += wait;
                backoff.Restarted(now);
                last = wait;
            }
        });

    [Fact]
    public void Probe_result_turns_only_at_the_threshold() =>
        Gen.Select(Gen.Bool.Array[1, 60], Gen.Int[1, 4], Gen.Int[1, 4]).Sample((answers, success, failure) =>
        {
            var result = new ProbeResult(new ProbeSchedule(default, TimeSpan.FromSeconds(1), default, success, failure));
            for (var i = 0; i < answers.Length; i++)
            {
                var run = 1;
                while (run <= i && answers[i - run] == answers[i])
                {
                    run++;
                }

                Assert.Equal(run >= (answers[i] ? success : failure) ? answers[i] : null, result.Report(answers[i]));
            }
        });

    [Fact]
    public async Task Probe_runs_at_its_delay_and_then_each_period()
    {
        var time = new FakeTimeProvider(Start);
        var asked = new List<double>();
        var schedule = new ProbeSchedule(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), 1, 3);
        var loop = ProbeLoop.RunAsync(
            schedule, Start,
            _ =>
            {
                asked.Add((time.GetUtcNow() - Start).TotalSeconds);
                return Task.FromResult(new ProbeAnswer(false, "no"));
            },
            _ => { }, good => !good, time, TestContext.Current.CancellationToken);
        for (var i = 0; i < 200 && !loop.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await loop;
        Assert.Equal([5.0, 8.0, 11.0], asked.Select(a => Math.Round(a, 1)));
    }

    [Fact]
    public async Task Probe_without_an_answer_fails_at_its_timeout()
    {
        var time = new FakeTimeProvider(Start);
        var messages = new List<string>();
        var schedule = new ProbeSchedule(TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2), 1, 1);
        var loop = ProbeLoop.RunAsync(
            schedule, Start,
            async c =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, c);
                return new ProbeAnswer(true, "");
            },
            messages.Add, _ => true, time, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(2));
        await loop;
        Assert.Equal(["no answer within 2 s"], messages);
    }

    [Theory]
    [InlineData("$(A)", "1")]
    [InlineData("x$(A)y$(B)", "x1y$(B)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$$$(A)", "$1")]
    [InlineData("$(A", "$(A")]
    [InlineData("50$", "50$")]
    [InlineData("$A", "$A")]
    public void Expand_follows_kubernetes(string text, string expected) =>
        Assert.Equal(expected, ContainerEnvironment.Expand(text, new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "1" }));

    [Fact]
    public void Addresses_are_loopback_unique_and_not_of_127_0()
    {
        using var addresses = PodAddresses.Claim();
        var given = Enumerable.Range(0, 5000).Select(_ => addresses.NextPod()).ToList();
        Assert.Equal(given.Count, given.Distinct(StringComparer.Ordinal).Count());
        Assert.All(given, a => Assert.Matches("^127\\.[1-9][0-9]*\\.[0-9]+\\.[1-9][0-9]*$", a));
    }
}
