using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load.Work;

/// <summary>Whole loads whose requests do not all ask the same.</summary>
public sealed class WorkLoadTests
{
    private readonly ConcurrentQueue<JsonNode> _bodies = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_of_drawn_lengths_says_of_each_request_what_it_asked(bool openLoop)
    {
        using var fixture = new LoadFixture();
        var spec = LoadFixture.Fast with
        {
            Mode = openLoop ? LoadMode.Open : LoadMode.Closed,
            InputLengths = new() { Kind = LengthKind.Normal, Mean = 50, Deviation = 20 },
            OutputLengths = new() { Kind = LengthKind.LogNormal, Mean = 50, Deviation = 20 },
        };

        var totals = await fixture.RunAsync(spec, Service());

        Assert.Equal((10, 10), (totals.Planned, totals.Succeeded));
        var asked = Enumerable.Range(0, 2).SelectMany(fixture.Lines).Select(line => line.GetProperty("asked")).ToArray();
        Assert.Equal(
            _bodies.Select(body => (body["max_tokens"]!.GetValue<int>(), Words(body))).Order(),
            asked.Select(one => (one.GetProperty("outputTokens").GetInt32(), one.GetProperty("words").GetInt32())).Order());
        Assert.True(asked.Select(one => one.GetProperty("outputTokens").GetInt32()).Distinct().Count() > 1);
        Assert.False(Assert.Single(fixture.Events("load.started")).TryGetProperty("outputTokens", out _));
    }

    [Fact]
    public async Task Load_of_drawn_lengths_takes_too_few_tokens_for_short_by_what_the_request_asked()
    {
        using var fixture = new LoadFixture();
        var spec = LoadFixture.Fast with { OutputLengths = new() { Kind = LengthKind.Normal, Mean = 50, Deviation = 30, Min = 10 } };

        var totals = await fixture.RunAsync(spec, Service(tokens: _ => 50));

        var asked = Enumerable.Range(0, 2).SelectMany(fixture.Lines)
            .Select(line => (line.GetProperty("asked").GetProperty("outputTokens").GetInt32(), line.GetProperty("outcome").GetString()))
            .ToArray();
        Assert.All(asked, one => Assert.Equal(one.Item1 > 50 ? "ShortOutput" : "Ok", one.Item2));
        Assert.InRange(totals.Succeeded, 1, 9);
        Assert.Equal(
            asked.Select(one => one.Item1).Order(),
            Enumerable.Range(0, 2).SelectMany(client => Read(fixture, client)).Select(attempt => attempt.OutputAsked).Order());
    }

    [Fact]
    public async Task Load_of_a_session_sends_the_answers_back()
    {
        using var fixture = new LoadFixture();

        await fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 5, OutputTokens = 2, Sessions = new(3) }, Service());

        Assert.Equal([1, 3, 5, 1, 3], _bodies.Select(body => body["messages"]!.AsArray().Count));
        Assert.Equal("ab ab ", _bodies.ElementAt(1)["messages"]![1]!["content"]!.GetValue<string>());
        Assert.Equal([1, 2, 3, 1, 2], fixture.Lines(0).Select(line => line.GetProperty("asked").GetProperty("turn").GetInt32()));
    }

    [Fact]
    public async Task Load_of_a_trace_sends_each_request_at_its_time()
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        using var file = new WorkFolder();
        var path = file.Write("""
            {"timestamp": 1000, "input_length": 3, "output_length": 1}
            {"timestamp": 1500, "input_length": 4, "output_length": 2}
            {"timestamp": 4000, "input_length": 5, "output_length": 3}
            """);
        var spec = new LoadSpec
        {
            Mode = LoadMode.Open, Clients = 2, RequestsPerClient = 2, Trace = new(WorkFolder.Known(path, 3), 1.5, 2),
        };
        await using var run = fixture.Start(spec, Service());

        var totals = await LoadFixture.DriveAsync(time, run.Completion, TimeSpan.FromMilliseconds(50));

        Assert.Equal((3, 3), (totals.Planned, totals.Succeeded));
        var lines = Enumerable.Range(0, 2).SelectMany(fixture.Lines)
            .OrderBy(line => line.GetProperty("asked").GetProperty("line").GetInt32()).ToArray();
        var times = lines.Select(line => line.GetProperty("intended").GetDateTimeOffset()).ToArray();
        Assert.Equal([0, 0.25, 1.5], times.Select(at => (at - times[0]).TotalSeconds));
        Assert.Equal([1, 2, 3], lines.Select(line => line.GetProperty("asked").GetProperty("outputTokens").GetInt32()));
    }

    [Fact]
    public void Load_of_sessions_that_cannot_be_is_refused()
    {
        using var fixture = new LoadFixture();

        var error = Assert.Throws<FaultMatrixException>(
            () => fixture.Start(LoadFixture.Fast with { Api = Api.Completions, Sessions = new(3) }, Service()));
        Assert.Equal("FT0503", error.Code);
    }

    private static AttemptCollection Read(LoadFixture fixture, int client) =>
        new ClientLogReader(TimeSpan.Zero).Read(fixture.Folder.ClientLog(client), client).Attempts;

    private static int Words(JsonNode body) => body["messages"]![0]!["content"]!.GetValue<string>().Split(' ').Length;

    private ScriptedService Service(Func<int, int>? tokens = null) => new(async side =>
    {
        while (await side.RequestAsync() is { } text)
        {
            var body = JsonNode.Parse(text)!;
            _bodies.Enqueue(body);
            var count = (tokens ?? (asked => asked))(body["max_tokens"]!.GetValue<int>());
            var content = string.Concat(Enumerable.Repeat("ab ", count));
            await side.AnswerAsync(
                $$$"""{"choices": [{"message": {"content": "{{{content}}}"}}], "usage": {"completion_tokens": {{{count}}} } }""");
        }
    });
}
