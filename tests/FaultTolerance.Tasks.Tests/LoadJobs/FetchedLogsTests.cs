using System.Security.Cryptography;
using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Load;
using FaultTolerance.Load.Workers;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.LoadJobs;

public sealed class FetchedLogsTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("fetched-").FullName;
    private readonly ScenarioFolder _folder;

    public FetchedLogsTests() => _folder = new ScenarioFolder(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Difference_all_came_and_there_is_none()
    {
        using var logs = new FetchedLogs(_folder, new ClientShare(3, 2));
        logs.Append([Encoding.UTF8.GetBytes("one\ntw"), []]);
        logs.Append([Encoding.UTF8.GetBytes("o\n"), Encoding.UTF8.GetBytes("x\n")]);

        Assert.Equal([8, 2], logs.Known);
        Assert.Null(logs.Difference([Log("one\ntwo\n"), Log("x\n")]));
        Assert.Equal("one\ntwo\n", File.ReadAllText(_folder.ClientLog(3)));
    }

    [Theory]
    [InlineData("one\ntwx\n", "and another hash")]
    [InlineData("one\n", "8 bytes and 2 lines here, 4 and 1 there")]
    public void Difference_something_else_was_written_and_it_says_so(string there, string words)
    {
        using var logs = new FetchedLogs(_folder, new ClientShare(0, 1));
        logs.Append([Encoding.UTF8.GetBytes("one\ntwo\n")]);

        Assert.Contains(words, logs.Difference([Log(there)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_lost_share_that_had_sent_more_than_its_plan_has_that_in_its_books()
    {
        using var logs = new FetchedLogs(_folder, new ClientShare(0, 1));
        logs.Append([Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3).Select(request =>
            $$"""{"time": "2026-01-01T00:00:01.000000", "results": [{"status": 200, "result": null, "request_elapsed_time": 0.5, "url": "u", "pod": "p", "outcome": "Ok"}], "total_time": 0.5, "url": "u", "pod": "p", "request": {{request}}, "outcome": "Ok"}""" + "\n")))]);
        var books = new LostShare(new LoadSpec { Clients = 1, RequestsPerClient = 2 }, RunClock.Start(TimeProvider.System), "lost");

        logs.Complete(books.Lines);

        Assert.Equal((3, 3, 0), (books.Totals.Planned, books.Totals.Sent, books.Totals.NotSent));
    }

    [Fact]
    public void Complete_lost_share_keeps_whole_lines_and_records_the_rest_as_not_sent()
    {
        var spec = new LoadSpec { Clients = 2, RequestsPerClient = 4 };
        using var logs = new FetchedLogs(_folder, new ClientShare(1, 1));
        var line = """{"time": "2026-01-01T00:00:01.000000", "results": [{"status": 200, "result": null, "request_elapsed_time": 0.5, "url": "u", "pod": "p", "outcome": "Ok"}], "total_time": 0.5, "url": "u", "pod": "p", "request": 2, "outcome": "Ok"}""";
        logs.Append([Encoding.UTF8.GetBytes(line + "\n" + line[..40])]);
        var books = new LostShare(spec, RunClock.Start(TimeProvider.System), "load pod a was lost: it was deleted");

        logs.Complete(books.Lines);

        Assert.Equal(
            (4, 1, 3, 1, 3),
            (books.Totals.Planned, books.Totals.Sent, books.Totals.NotSent, books.Totals.Succeeded, books.Unknown));
        Assert.Equal(1, books.Totals.Attempts[Outcome.Ok]);
        var written = File.ReadAllLines(_folder.ClientLog(1));
        Assert.Equal(line, written[0]);
        Assert.Equal([0, 1, 3], written[1..].Select(one => System.Text.Json.JsonDocument.Parse(one).RootElement.GetProperty("request").GetInt32()));
        Assert.All(written[1..], one => Assert.Contains("load pod a was lost", one, StringComparison.Ordinal));
    }

    private static WorkerLog Log(string text) => new(
        text.Length, text.Count(c => c == '\n'), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
}
