using System.Text.Json.Nodes;
using FaultTolerance.Load.Urls;
using FaultTolerance.Runs;
using FaultTolerance.Tasks;

namespace FaultTolerance.Tests.Tasks;

/// <summary>A service that a test kills while a load asks it, and tells nobody.</summary>
public sealed class UrlOutageTests : IDisposable
{
    private readonly UrlRun _run = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_that_nobody_told_is_found_with_its_outage_and_lost_requests(bool http2)
    {
        await using var service = await TlsService.StartAsync(http2);
        var (killed, back) = (0L, 0L);

        await _run.LoadAsync(
            service, http2, "chat", UrlRun.Loads(clients: 8, requests: 30, rate: 4, stream: true, ", \"mode\": \"open\""),
                meanwhile: async () =>
            {
                await UntilAsync(() => service.Served.Count >= 60);
                killed = TimeProvider.System.GetTimestamp();
                await service.KillAsync();
                await Task.Delay(TimeSpan.FromSeconds(3));
                back = TimeProvider.System.GetTimestamp();
                await service.StartAsync();
            });

        var row = _run.Row();
        UrlRun.Is("Measured", row);
        // A server that has just started may answer late on a busy machine; that is damage too, and loses nothing.
        var window = Assert.Single(row["external"]!.AsArray(), window => (int?)window!["lost"] > 0)!.AsObject();
        Assert.Equal("found", (string?)window["from"]);
        // A busy machine starts the server late; the outage is at least as long as it was away, and no longer than a client can tell.
        var away = TimeProvider.System.GetElapsedTime(killed, back).TotalSeconds;
        Assert.InRange((double)window["outage"]!["seconds"]!, away - 0.5, away + 5);
        var failed = Attempts().Where(attempt => (string?)attempt["outcome"] != "Ok").ToList();
        Assert.Equal(failed.Count, (int?)window["lost"]);
        Assert.Equal(failed.Count, (int?)row["requests"]!["failed"]);
        // Streams that the kill broke failed, and are no short answers.
        Assert.DoesNotContain(Attempts(), attempt => (string?)attempt["outcome"] == "ShortOutput");
        // Two of those that the server served were asked before the load, whether it answers at all; what it had written when it was killed,
        // at most one a client, need not have arrived.
        Assert.InRange(service.Served.Count(served => served.Whole) - 2 - (int)row["requests"]!["succeeded"]!, 0, 8);
        _run.HoldsNoSecret();
    }

    [Fact]
    public async Task Mark_gives_the_damage_its_moment_and_its_name()
    {
        await using var service = await TlsService.StartAsync(http2: false);
        var engine = new RecordingEngine();

        await _run.LoadAsync(service, http2: false, "chat", UrlRun.Loads(clients: 8, requests: 20, rate: 6, stream: true),
            meanwhile: async () =>
        {
            await UntilAsync(() => service.Served.Count >= 40);
            using var mark = new MarkRun { BuildEngine = engine, Results = _run.Folder, Text = "the cable is out" };
            Assert.True(mark.Execute());
            await service.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(0.5));
            await service.StartAsync();
        });

        var window = Assert.Single(_run.Row()["external"]!.AsArray())!.AsObject();
        Assert.Equal("mark", (string?)window["from"]);
        Assert.Equal("the cable is out", (string?)window["text"]);
        Assert.Contains(_run.Row()["notes"]!.AsArray(), note => ((string)note!).Contains("the cable is out", StringComparison.Ordinal));
        using var late = new MarkRun { BuildEngine = engine, Results = _run.Folder, Text = "too late" };
        Assert.False(late.Execute());
        Assert.Contains("FT0506", Assert.Single(engine.Lines), StringComparison.Ordinal);
    }

    public void Dispose() => _run.Dispose();

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private IEnumerable<JsonObject> Attempts() =>
        Directory.GetFiles(ScenarioFolder.In(_run.Folder, "url-external").Path, "client_*.log.txt")
        .SelectMany(File.ReadLines).SelectMany(line => JsonNode.Parse(line)!["results"]!.AsArray()).Select(attempt => attempt!.AsObject());
}
