using FaultTolerance.Faults;
using FaultTolerance.Faults.Heal;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Faults.Kinds;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults.Waiting;

/// <summary>Steps that wait for the load, for a log line and for a metric; and the step that heals.</summary>
public sealed class FaultWaitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("FirstError")]
    [InlineData("Steady")]
    [InlineData("Load")]
    public async Task Step_that_waits_for_the_load_comes_when_it_is_there(string start)
    {
        await using var stage = await FaultStage.StartAsync(pods: 2);
        using var load = new FakeLoad();
        stage.Options = new FaultOptions { Load = load };

        var running = stage.RunAsync(FaultInjectorTests.Delete(0), Waits(start, new Awaited { Load = 0.5 }));
        await load.SeenAsync(3, Cancellation);
        Assert.Single(stage.Events("fault.issued"));
        load.Come();

        Assert.All(await running, outcome => Assert.Null(outcome.Error));
        Assert.Equal(2, stage.Events("fault.issued").Count);
    }

    [Fact]
    public async Task Step_that_waits_for_a_log_line_takes_none_that_was_there_before()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        var (looks, seen) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var log = "2026-01-01T00:00:00Z engine is dead\n";
        stage.Handle = async http =>
        {
            if (!http.Request.Path.Value!.EndsWith("/small-0/log", StringComparison.Ordinal))
            {
                return false;
            }

            Assert.Equal("true", http.Request.Query["timestamps"]);
            if (Interlocked.Increment(ref looks) == 2)
            {
                seen.SetResult();
            }

            await http.Response.WriteAsync(Volatile.Read(ref log));
            return true;
        };

        var running = stage.RunAsync(Waits("Log", new Awaited { Log = "engine is dead", Service = "dec*" }));
        await seen.Task.WaitAsync(Cancellation);
        Assert.Empty(stage.Events("fault.issued"));
        Volatile.Write(ref log, log + "2026-01-01T00:00:05Z engine is dead\n");

        Assert.Null(Assert.Single(await running).Error);
    }

    [Fact]
    public async Task Step_that_waits_for_a_metric_comes_when_it_is_within_bounds_and_a_pod_that_is_down_tells_nothing()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        var looks = 0;
        stage.Options = new FaultOptions
        {
            Metrics = (_, _) => Interlocked.Increment(ref looks) switch
            {
                1 => throw new IOException("refused"),
                2 => Task.FromResult("# TYPE queue gauge\nqueue{model=\"m\"} 2\n"),
                _ => Task.FromResult("queue{model=\"m\"} 5\n"),
            },
        };

        var outcome = Assert.Single(await stage.RunAsync(Waits("Metric", new Awaited { Metric = "queue", AtLeast = 3 })));

        Assert.Null(outcome.Error);
        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task Step_that_waits_in_vain_is_left_out_with_those_after_it()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        stage.Options = new FaultOptions { Load = new FakeLoad() };

        var error = await Assert.ThrowsAsync<FaultMatrixException>(
            () => stage.RunAsync(Waits("FirstError", new Awaited { Within = TimeSpan.FromSeconds(0.3) }), FaultInjectorTests.Delete(0)));

        Assert.Equal("FT0641", error.Code);
        Assert.StartsWith("waited 0.3 s for the first error in vain", error.Message, StringComparison.Ordinal);
        Assert.Empty(stage.Events("fault.issued"));
    }

    [Fact]
    public async Task Step_that_waits_for_those_before_it_longer_than_it_may_is_left_out()
    {
        var (stage, _) = await KindSamples.StageAsync();
        await using var ends = stage;
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };
        var lasts = KindSamples.Of("cordonNode", stage.Folder, TimeSpan.FromSeconds(3));

        var error = await Assert.ThrowsAsync<FaultMatrixException>(
            () => stage.RunAsync(lasts, Waits("Healed", new Awaited { Within = TimeSpan.FromSeconds(0.3) })));

        Assert.Equal("FT0641", error.Code);
        Assert.StartsWith("waited 0.3 s for the end of those in vain", error.Message, StringComparison.Ordinal);
        Assert.Single(stage.Events("fault.issued"));
        Assert.Single(stage.Events("fault.healed"));
    }

    [Fact]
    public async Task Step_that_waits_when_the_load_ends_or_runs_elsewhere_is_told_so()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        var error = await Assert.ThrowsAsync<FaultMatrixException>(() => stage.RunAsync(Waits("Steady", null)));
        Assert.Contains("the load runs in another process", error.Message, StringComparison.Ordinal);

        using var load = new FakeLoad();
        load.End();
        stage.Options = new FaultOptions { Load = load };
        error = await Assert.ThrowsAsync<FaultMatrixException>(() => stage.RunAsync(Waits("Steady", null)));
        Assert.StartsWith("the load ended in the wait for answers as before the first fault", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(2, 1)]
    public async Task Heal_step_undoes_before_their_time_what_it_names(int? step, int healed)
    {
        var (stage, _) = await KindSamples.StageAsync();
        await using var ends = stage;
        using var stop = new CancellationTokenSource();
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl"), Stop = stop.Token };
        var long1 = KindSamples.Of("cordonNode", stage.Folder, TimeSpan.FromHours(1));
        var long2 = KindSamples.Of("wrongConfig", stage.Folder, TimeSpan.FromHours(1));

        var running = stage.RunAsync(long1, long2, new HealStep { Step = step, After = TimeSpan.FromSeconds(0.2) });
        while (stage.Events("fault.healed").Count < healed)
        {
            await Task.Delay(10, Cancellation);
        }

        Assert.Equal(
            step is null ? ["1.1", "2.1"] : ["2.1"],
            stage.Events("fault.healed").Select(item => item["id"]!.GetValue<string>()).Order());
        await stop.CancelAsync();
        Assert.All(await running, outcome => Assert.Null(outcome.Error));
        Assert.Equal(2, stage.Events("fault.healed").Count);
    }

    private static Fault Waits(string start, Awaited? awaited) =>
        FaultInjectorTests.Delete(0) with { When = Enum.Parse<FaultStart>(start), Awaited = awaited };
}
