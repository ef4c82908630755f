using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load.Urls;
using FaultTolerance.Runs;
using FaultTolerance.Tasks.Urls;

namespace FaultTolerance.Tests.Tasks.Urls;

/// <summary>A row that looks for the highest rate, through the tasks that a build calls for it.</summary>
public sealed class UrlRateRowTests : IDisposable
{
    private readonly UrlRun _run = new();

    public void Dispose() => _run.Dispose();

    // The service answers one request at a time, each in 40 ms: it bears 25 a second, and at more its queue grows.
    [Fact]
    public async Task Search_brackets_what_the_service_bears_and_measures_there_once_more()
    {
        await using var service = await ServiceAsync(TimeSpan.FromMilliseconds(40));

        await _run.LoadAsync(
            service, http2: false, "chat", Loads("""{ "from": 4, "to": 500, "steps": 7, "stepTime": 1.5, "warmUp": 0.3 }"""));

        Assert.Empty(_run.Lines);
        var row = _run.Row();
        var search = row["rateSearch"]!;
        var steps = search["steps"]!.AsArray().Select(step => step!.AsObject()).ToList();
        Assert.All(steps, step => Assert.InRange((double)step["goodput_low"]!, 0, (double)step["goodput"]!));
        if (steps.All(step => (string?)step["fate"] != "Unsound"))
        {
            Assert.Equal([4, 8], steps.Take(2).Select(step => (double)step["rate"]!));
            var (held, broke) = ((double)search["held"]!, (double)search["notHeld"]!);
            // A queue that grows slowly is within the limit for as short as a step is here.
            Assert.InRange(held, 4, 40);
            Assert.InRange(broke, Math.Max(held, 20), 500);
            Assert.Contains(row["notes"]!.AsArray(),
                note => ((string)note!).Contains("the highest rate with 95 % of the requests", StringComparison.Ordinal));
        }

        Artefacts(steps.Count);
        Drained(steps.Count);
        _run.HoldsNoSecret();
    }

    [Fact]
    public async Task Search_of_a_service_that_bears_every_rate_says_so()
    {
        await using var service = await TlsService.StartAsync(http2: false);

        await _run.LoadAsync(service, http2: false, "chat", Loads("""{ "from": 5, "to": 10, "stepTime": 0.5, "warmUp": 0 }"""));

        if (_run.Row()["rateSearch"]!.ToJsonString().Contains("Unsound", StringComparison.Ordinal))
        {
            // The machine is too busy for the generator; nothing is said of the service then.
            return;
        }

        Assert.Equal("HoldsAtHighest", (string?)_run.Row()["rateSearch"]!["end"]);
        Assert.Null(_run.Row()["rateSearch"]!["notHeld"]);
        Assert.Contains("no rate was found that is too high", _run.Row()["notes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_of_a_service_that_bears_no_rate_says_so()
    {
        await using var service = await ServiceAsync(TimeSpan.FromMilliseconds(600));

        await _run.LoadAsync(service, http2: false, "chat", Loads("""{ "from": 1, "to": 10, "stepTime": 1, "warmUp": 0 }"""));

        var search = _run.Row()["rateSearch"]!;
        if (search.ToJsonString().Contains("Unsound", StringComparison.Ordinal))
        {
            return;
        }

        Assert.Equal(("FailsAtLowest", null), ((string?)search["end"], search["held"]));
        Assert.Contains("no rate was found that holds", _run.Row()["notes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    // Requests of one step, and no two of different steps, are under way together.
    private void Drained(int steps)
    {
        var row = ScenarioFolder.In(_run.Folder, "url-external");
        var spans = Enumerable.Range(1, steps).Select(number => RateSteps.FolderOf(row, number))
            .Append(row).Select(folder => Timeline.Read(folder.Timeline))
            .Select(timeline => (
                Begun: Assert.Single(timeline.Of<FirstRequestSent>()).At, Ended: Assert.Single(timeline.Of<LoadEnded>()).At))
            .ToList();
        Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.True(pair.First.Ended <= pair.Second.Begun));
    }

    private void Artefacts(int steps)
    {
        var lines = File.ReadAllLines(Path.Combine(_run.Folder, "rates.csv"));
        Assert.StartsWith("scenario,step,rate,fate,requests,good,goodput,goodput_low,goodput_high,", lines[0], StringComparison.Ordinal);
        Assert.Equal(steps + 1, lines.Length);
        var page = File.ReadAllText(Path.Combine(_run.Folder, "report.html"));
        Assert.Contains("Goodput by rate", page, StringComparison.Ordinal);
        Assert.Contains("Steps of the search", page, StringComparison.Ordinal);
    }

    private static async Task<TlsService> ServiceAsync(TimeSpan each)
    {
        var service = await TlsService.StartAsync(http2: false);
        var turn = new SemaphoreSlim(1);
        service.Instead = async context =>
        {
            await turn.WaitAsync(context.RequestAborted);
            try
            {
                await Task.Delay(each, context.RequestAborted);
            }
            finally
            {
                turn.Release();
            }

            return false;
        };
        return service;
    }

    private static string Loads(string search) =>
        $$"""
        "l": { "clients": 4, "inputTokens": 10, "outputTokens": 2, "stream": true, "timeout": 10, "maxSendLag": 5,
          "goodput": { "latency": 0.4 }, "findRate": {{search}} }
        """;
}
