using System.Text.Json;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load.Support;

/// <summary>A folder, a timeline and a clock for one load, gone afterwards.</summary>
internal sealed class LoadFixture : IDisposable
{
    public LoadFixture(TimeProvider? time = null)
    {
        Folder = new ScenarioFolder(Directory.CreateTempSubdirectory("load-test-").FullName);
        Clock = RunClock.Start(time ?? TimeProvider.System);
        Timeline = new TimelineWriter(Folder.Timeline, Clock);
    }

    public ScenarioFolder Folder { get; }

    public RunClock Clock { get; }

    public TimelineWriter Timeline { get; }

    /// <summary>No waiting, no floor: as fast as it goes.</summary>
    public static LoadSpec Fast { get; } = new()
    {
        Clients = 2,
        RequestsPerClient = 5,
        RatePerClient = 1e9,
        RetryDelay = TimeSpan.Zero,
    };

    public ILoadRun Start(LoadSpec spec, IFrontendTransport transport, LoadOptions? options = null) =>
        LoadGenerator.Start(
            spec,
            "m",
            transport,
            Folder,
            Timeline,
            (options ?? new()) with
            {
                MeasureFloor = false,
            },
            TestContext.Current.CancellationToken
        );

    public async Task<LoadTotals> RunAsync(LoadSpec spec, IFrontendTransport transport, LoadOptions? options = null)
    {
        await using var run = Start(spec, transport, options);
        return await run.Completion;
    }

    /// <summary>Lets a fake clock run until <paramref name="task"/> ends, a step at a time.</summary>
    public static async Task<T> DriveAsync<T>(FakeTimeProvider time, Task<T> task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            time.Advance(step);
            await Task.WhenAny(task, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        return await task;
    }

    public JsonElement[] Lines(int client) => [.. File.ReadLines(Folder.ClientLog(client)).Select(l => JsonDocument.Parse(l).RootElement)];

    public JsonElement[] Events(string name) =>
        [
            .. File.ReadLines(Folder.Timeline)
                .Select(l => JsonDocument.Parse(l).RootElement)
                .Where(e => e.GetProperty("event").GetString() == name),
        ];

    public void Dispose()
    {
        Timeline.Dispose();
        Directory.Delete(Folder.Path, recursive: true);
    }
}
