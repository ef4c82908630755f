using System.Text.Json;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Probes;

public sealed class ProbeTests
{
    private static readonly LoadSpec Beside = LoadFixture.Fast with { Pods = 1, ProbeRate = 50, Seed = 5 };
    private static readonly LoadOptions Plain = new() { MeasureFloor = false };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probe_sends_nothing_before_its_instant_and_goes_on_until_it_is_ended()
    {
        using var fixture = new LoadFixture();
        using var asked = new SemaphoreSlim(0);
        await using var probe = Of(fixture, async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                asked.Release();
                await s.AnswerAsync(Bodies.Chat());
            }
        });
        await probe.PrepareAsync(Cancellation);
        Assert.Equal(0, asked.CurrentCount);
        var instant = fixture.Clock.Now + TimeSpan.FromMilliseconds(50);

        probe.StartAt(instant);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(await asked.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        }

        await probe.EndAsync();

        var lines = Lines(fixture);
        Assert.True(lines.Length >= 5);
        Assert.All(lines, line => Assert.Equal("Ok", line.GetProperty("outcome").GetString()));
        Assert.All(lines, line => Assert.True(line.GetProperty("intended").GetDateTimeOffset() >= instant));
        Assert.Equal(Enumerable.Range(0, lines.Length), lines.Select(line => line.GetProperty("request").GetInt32()).Order());
        var ended = Assert.Single(Events(fixture), item => item.GetProperty("event").GetString() == "load.ended");
        Assert.Equal((lines.Length, 0), (ended.GetProperty("planned").GetInt32(), ended.GetProperty("notSent").GetInt32()));
    }

    [Fact]
    public async Task Probe_leaves_nothing_in_the_rows_own_folder_and_timeline()
    {
        using var fixture = new LoadFixture();
        await using (var probe = Of(fixture, s => s.ServeAsync()))
        {
            await probe.PrepareAsync(Cancellation);
            probe.StartAt(fixture.Clock.Now);
            await probe.EndAsync();
        }

        Assert.Empty(Directory.GetFiles(fixture.Folder.Path, "client_*"));
        Assert.Empty(fixture.Events("load.started"));
    }

    [Fact]
    public async Task StopAsync_cancels_what_is_under_way_and_no_more_is_planned()
    {
        using var fixture = new LoadFixture();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var probe = Of(fixture, async s =>
        {
            await s.RequestAsync();
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, Cancellation);
        });
        await probe.PrepareAsync(Cancellation);
        probe.StartAt(fixture.Clock.Now);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        await probe.StopAsync("cancelled");

        Assert.All(Lines(fixture), line => Assert.Equal(nameof(Outcome.Cancelled), line.GetProperty("outcome").GetString()));
        Assert.NotEmpty(Lines(fixture));
    }

    [Fact]
    public async Task DisposeAsync_of_one_that_was_never_started_ends()
    {
        using var fixture = new LoadFixture();
        var probe = Of(fixture, s => s.ServeAsync());
        await probe.PrepareAsync(Cancellation);

        await probe.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Equal("NotSent", Assert.Single(Lines(fixture)).GetProperty("outcome").GetString());
    }

    internal static Probe Of(LoadFixture fixture, Func<ServerSide, Task> script) =>
        new(Beside, "m", new ScriptedService(script), fixture.Folder.Probe, fixture.Clock, Plain);

    private static JsonElement[] Lines(LoadFixture fixture) =>
        [.. File.ReadLines(fixture.Folder.Probe.ClientLog(0)).Select(line => JsonDocument.Parse(line).RootElement)];

    private static JsonElement[] Events(LoadFixture fixture) =>
        [.. File.ReadLines(fixture.Folder.Probe.Timeline).Select(line => JsonDocument.Parse(line).RootElement)];
}
