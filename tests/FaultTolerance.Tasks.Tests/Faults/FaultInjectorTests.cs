using FaultTolerance.Faults;
using FaultTolerance.Faults.DeletePod;
using FaultTolerance.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Faults;

/// <summary>When faults happen and which pods they hit, on a clock of the test's own.</summary>
public sealed class FaultInjectorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_come_at_their_times_each_counted_from_the_one_before()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var stage = await FaultStage.StartAsync(pods: 3, time);
        var running = stage.RunAsync(Delete(10), Delete(5), Delete(0));
        var outcomes = await AdvanceAsync(time, running);

        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        Assert.Equal(["1.1", "2.1", "3.1"], outcomes.Select(outcome => outcome.Id));
        Assert.Equal([true, true, true], stage.Events("fault.issued").Select(stage.Seconds).Zip([10, 15, 15], (at, due) => at >= due));
    }

    [Fact]
    public async Task Fault_whose_time_is_over_comes_at_once()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);

        var outcome = Assert.Single(await stage.RunAsync(Delete(0)));

        Assert.Equal("small-0", outcome.Target);
        Assert.True(outcome.Proof!.Issued <= outcome.Proof.Landed);
    }

    [Fact]
    public async Task Service_without_pods_is_told_and_the_next_fault_comes_all_the_same()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);

        var outcomes = await stage.RunAsync(Delete(0) with { Target = "prefill" }, Delete(0));

        Assert.Equal(["FT0601", null], outcomes.Select(outcome => outcome.Error?.Code));
        Assert.Equal("prefill", Assert.Single(stage.Events("fault.unproven"))["service"]!.GetValue<string>());
    }

    [Fact]
    public async Task Logs_are_saved_before_the_order_and_hold_it_up_no_longer_than_their_limit()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var stage = await FaultStage.StartAsync(pods: 1, time);
        var saved = new List<string>();
        stage.Options = new FaultOptions
        {
            BeforeDeleteTimeout = TimeSpan.FromSeconds(3),
            BeforeDelete = async (pod, cancellation) =>
            {
                saved.Add(pod.Name);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            },
        };
        var outcomes = await AdvanceAsync(time, stage.RunAsync(Delete(2)));

        Assert.Null(Assert.Single(outcomes).Error);
        Assert.Equal(["small-0"], saved);
        Assert.True(stage.Seconds(Assert.Single(stage.Events("fault.issued"))) >= 5);
        Assert.Equal("FT0707", Assert.Single(stage.Events("error"))["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false, "small-1")]
    [InlineData(true, "small-0")]
    public async Task Second_fault_takes_a_pod_that_is_down_only_where_it_is_told_to(bool evenDown, string second)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var stage = await FaultStage.StartAsync(pods: 2, time);
        stage.Options = new FaultOptions { ProofTimeout = TimeSpan.FromSeconds(30) };
        stage.OnDelete = static _ => { };

        // Neither deletion comes about, so the first is still under way as the second is ordered.
        var outcomes = await AdvanceAsync(time, stage.RunAsync(Delete(1), Delete(5) with { EvenDown = evenDown }));

        Assert.Equal(["small-0", second], outcomes.Select(outcome => outcome.Target));
    }

    [Fact]
    public async Task Fault_whose_proof_takes_long_holds_up_none_after_it()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var stage = await FaultStage.StartAsync(pods: 2, time);
        stage.Options = new FaultOptions { ProofTimeout = TimeSpan.FromHours(1) };
        stage.OnDelete = name =>
        {
            if (name == "small-1")
            {
                stage.Replace(name);
                stage.Replace("small-0");
            }
        };

        var outcomes = await AdvanceAsync(time, stage.RunAsync(Delete(1), Delete(5)));

        // The second takes the pod that runs, and it is only then that the first is proven.
        Assert.Equal(["small-0", "small-1"], outcomes.Select(outcome => outcome.Target));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
    }

    [Fact]
    public async Task Second_fault_of_the_same_instant_takes_another_pod()
    {
        await using var stage = await FaultStage.StartAsync(pods: 2);

        var outcomes = await stage.RunAsync(Delete(0), Delete(0));

        Assert.Equal(["small-0", "small-1"], outcomes.Select(outcome => outcome.Target));
    }

    [Fact]
    public async Task Fault_that_has_no_proof_when_the_load_is_stopped_is_unproven()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        using var stop = new CancellationTokenSource();
        stage.Options = new FaultOptions { Stop = stop.Token };
        stage.OnDelete = _ => stop.Cancel();

        var outcome = Assert.Single(await stage.RunAsync(Delete(0), Delete(60)));

        Assert.Equal("FT0640", outcome.Error!.Code);
        Assert.Single(stage.Events("fault.unproven"));
    }

    internal static DeletePodFault Delete(double after) => new() { Target = "decode", After = TimeSpan.FromSeconds(after) };

    // Steps small enough that what waits for one instant is not carried past the next, with time for answers from the API between them.
    internal static async Task<IReadOnlyList<FaultOutcome>> AdvanceAsync(FakeTimeProvider time, Task<IReadOnlyList<FaultOutcome>> running)
    {
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        return await running;
    }

    [Theory]
    [InlineData("Healed")]
    [InlineData("Ready")]
    public async Task RunAsync_of_a_fault_that_waits_comes_after_the_end_of_those_before(string when)
    {
        var (stage, _) = await Kinds.KindSamples.StageAsync();
        await using var ends = stage;
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };
        var first = Kinds.KindSamples.Of("cordonNode", stage.Folder, TimeSpan.FromSeconds(0.3));

        var outcomes = await stage.RunAsync(first, first with { When = Enum.Parse<FaultStart>(when) });

        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        var healed = stage.Events("fault.healed");
        var issued = stage.Events("fault.issued");
        Assert.True(stage.Seconds(issued[1]) >= stage.Seconds(healed[0]));
    }
}
