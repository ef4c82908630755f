using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load;

public sealed class LoadGeneratorTests : IDisposable
{
    private readonly LoadFixture _fixture = new();

    [Fact]
    public async Task Start_service_answers_every_request_is_recorded_once()
    {
        var service = new ScriptedService(s => s.ServeAsync());

        var totals = await _fixture.RunAsync(LoadFixture.Fast, service);

        Assert.Equal((10, 10, 0, 10, 0), (totals.Planned, totals.Sent, totals.NotSent, totals.Succeeded, totals.Failed));
        Assert.Equal(10, totals.Attempts[Outcome.Ok]);
        Assert.Equal(2, service.Connections);
        for (var client = 0; client < 2; client++)
        {
            Assert.Equal([0, 1, 2, 3, 4], _fixture.Lines(client).Select(l => l.GetProperty("request").GetInt32()));
        }
    }

    [Fact]
    public async Task Start_second_load_of_a_scenario_is_refused_and_the_first_ones_logs_stay()
    {
        var service = new ScriptedService(s => s.ServeAsync());
        await _fixture.RunAsync(LoadFixture.Fast, service);
        var (log, timeline) = (File.ReadAllText(_fixture.Folder.ClientLog(0)), File.ReadAllText(_fixture.Folder.Timeline));

        var error = Assert.Throws<FaultMatrixException>(() => _fixture.Start(LoadFixture.Fast, service));

        Assert.Equal("FT0505", error.Code);
        Assert.Contains("was made already in this run, and its clients' logs are kept", error.Message, StringComparison.Ordinal);
        Assert.Equal((log, timeline), (File.ReadAllText(_fixture.Folder.ClientLog(0)), File.ReadAllText(_fixture.Folder.Timeline)));
    }

    [Fact]
    public async Task Start_request_has_the_reference_suites_body()
    {
        string? body = null, head = null;
        var service = new ScriptedService(async s =>
        {
            body = await s.RequestAsync();
            head = s.Head;
            await s.AnswerAsync(Bodies.Chat());
        });

        await _fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 1 }, service);

        Assert.StartsWith("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:8000\r\n", head);
        Assert.Matches(
            """^\{"model": "m", "messages": \[\{"role": "user", "content": "\d( \d){99}"\}\], "max_tokens": 100, "min_tokens": 100, "temperature": 0\.1, "ignore_eos": true, "stream": false\}$""",
            body);
    }

    [Fact]
    public async Task Start_line_has_the_reference_suites_keys_first_and_in_its_order()
    {
        var service = new ScriptedService(s => s.ServeAsync());

        await _fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 1 }, service);

        var line = File.ReadAllText(_fixture.Folder.ClientLog(0));
        const string Url = "\"url\": \"http://localhost:8000//v1/chat/completions\", \"pod\": \"frontend-0\"";
        const string Stamp = "\"[-0-9]{10}T[:0-9]{8}\\.\\d{7}Z\"";
        var result = System.Text.RegularExpressions.Regex.Escape(
            Bodies.Chat().Replace(":", ": ", StringComparison.Ordinal).Replace(",", ", ", StringComparison.Ordinal));
        Assert.Matches(
            """^\{"time": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", "results": \[\{"status": 200, "result": """ + result
            + """, "request_elapsed_time": [0-9.e-]+, """ + Url + ", \"sent\": " + Stamp
            + "(, \"connected\": " + Stamp + ")?, \"firstByte\": " + Stamp + ", \"lastByte\": " + Stamp
            + """, "outcome": "Ok"\}\], "total_time": [0-9.e-]+, """ + Url + ", \"request\": 0, \"intended\": " + Stamp
            + ", \"outcome\": \"Ok\"\\}\n$", line);
    }

    [Fact]
    public async Task Start_two_frontends_are_asked_in_turn()
    {
        var service = new ScriptedService(s => s.ServeAsync())
        {
            Ready = [ScriptedService.Endpoint("a"), ScriptedService.Endpoint("b")],
        };

        await _fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 4 }, service);

        Assert.Equal("a b a b", string.Join(' ', _fixture.Lines(0).Select(l => l.GetProperty("pod").GetString())));
        Assert.Equal(2, service.Connections);
    }

    [Fact]
    public async Task Start_clients_begin_at_different_frontends()
    {
        var service = new ScriptedService(s => s.ServeAsync())
        {
            Ready = [ScriptedService.Endpoint("a"), ScriptedService.Endpoint("b")],
        };

        await _fixture.RunAsync(LoadFixture.Fast with { Clients = 2, RequestsPerClient = 3 }, service);

        Assert.Equal("a b a", string.Join(' ', _fixture.Lines(0).Select(l => l.GetProperty("pod").GetString())));
        Assert.Equal("b a b", string.Join(' ', _fixture.Lines(1).Select(l => l.GetProperty("pod").GetString())));
    }

    [Fact]
    public async Task Start_no_frontend_ready_fails_at_once_as_the_reference_suite()
    {
        var service = new ScriptedService(s => s.ServeAsync()) { Ready = [] };

        var totals = await _fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 2 }, service);

        Assert.Equal((2, 0), (totals.Failed, totals.NotSent));
        var result = _fixture.Lines(0)[1].GetProperty("results")[0];
        Assert.Equal("http://localhost:0//v1/chat/completions", result.GetProperty("url").GetString());
        Assert.Null(result.GetProperty("pod").GetString());
        Assert.StartsWith("connection error", result.GetProperty("status").GetString(), StringComparison.Ordinal);
        Assert.Equal("Refused", result.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Start_pod_with_the_same_name_but_another_uid_gets_a_new_connection()
    {
        var service = new ScriptedService(null!);
        service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                service.Ready = [ScriptedService.Endpoint("frontend-0", "2")];
                await s.AnswerAsync(Bodies.Chat());
            }
        });

        var totals = await _fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 5 }, service);

        Assert.Equal(5, totals.Succeeded);
        Assert.True(service.Connections >= 2);
        Assert.False(_fixture.Lines(0)[1].GetProperty("results")[0].TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Start_server_closes_idle_connection_the_next_request_opens_another()
    {
        var service = new ScriptedService(async s =>
        {
            await s.RequestAsync();
            await s.AnswerAsync(Bodies.Chat());
        });
        var spec = LoadFixture.Fast with { Clients = 1, RequestsPerClient = 3, RatePerClient = 20 };

        var totals = await _fixture.RunAsync(spec, service);

        Assert.Equal(3, totals.Succeeded);
        Assert.Equal(3, service.Connections);
    }

    [Fact]
    public async Task Start_failed_attempt_is_tried_again_and_both_are_recorded()
    {
        var requests = 0;
        var service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                await (
                    Interlocked.Increment(ref requests) == 1 ? s.AnswerAsync("{\"error\": \"busy\"}", 503) : s.AnswerAsync(Bodies.Chat())
                );
            }
        });

        var totals = await _fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 1, Attempts = 3 }, service);

        Assert.Equal((1, 1, 1), (totals.Succeeded, totals.Attempts[Outcome.Rejected], totals.Attempts[Outcome.Ok]));
        var results = _fixture.Lines(0)[0].GetProperty("results");
        Assert.Equal([503, 200], results.EnumerateArray().Select(r => r.GetProperty("status").GetInt32()));
        Assert.Equal("busy", results[0].GetProperty("result").GetProperty("error").GetString());
    }

    [Fact]
    public async Task Start_closed_loop_keeps_the_rate_and_sleeps_after_a_failure()
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        var service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                await s.AnswerAsync("{}", 500);
            }
        });
        var spec = LoadFixture.Fast with { Clients = 1, RequestsPerClient = 3, RatePerClient = 0.5, RetryDelay = TimeSpan.FromSeconds(1) };

        var totals = await LoadFixture.DriveAsync(time, fixture.RunAsync(spec, service), TimeSpan.FromMilliseconds(250));

        Assert.Equal(3, totals.Attempts[Outcome.ServerError]);
        var intended = fixture.Lines(0).Select(l => l.GetProperty("intended").GetDateTimeOffset()).ToArray();
        Assert.True((intended[1] - intended[0]).TotalSeconds >= 2);
        Assert.True((intended[2] - intended[1]).TotalSeconds >= 2);
        Assert.All(fixture.Lines(0), l => Assert.True(l.GetProperty("total_time").GetDouble() >= 1));
    }

    [Fact]
    public async Task StopAsync_in_flight_is_cancelled_and_the_rest_recorded_as_not_sent()
    {
        var service = new ScriptedService(async s =>
        {
            await s.RequestAsync();
            await s.RequestAsync();
        });
        await using var run = _fixture.Start(LoadFixture.Fast, service);
        await run.FirstRequest;

        var totals = await run.StopAsync("the test is over");

        Assert.Equal((10, 10), (totals.Planned, totals.Sent + totals.NotSent));
        Assert.Equal(totals.Sent, totals.Attempts[Outcome.Cancelled]);
        var last = _fixture.Lines(0)[4];
        Assert.Equal("NotSent", last.GetProperty("outcome").GetString());
        Assert.Equal("the test is over", last.GetProperty("reason").GetString());
        Assert.Equal(0, last.GetProperty("results").GetArrayLength());
        Assert.Equal("", last.GetProperty("url").GetString());
    }

    [Fact]
    public async Task Start_events_of_the_load_are_in_the_timeline()
    {
        await _fixture.RunAsync(LoadFixture.Fast, new ScriptedService(s => s.ServeAsync()));

        Assert.Equal(10, _fixture.Events("load.started").Single().GetProperty("planned").GetInt32());
        Assert.Single(_fixture.Events("load.first_request"));
        var ended = _fixture.Events("load.ended").Single();
        Assert.Equal((10, 0, 10), (ended.GetProperty("sent").GetInt32(), ended.GetProperty("notSent").GetInt32(),
            ended.GetProperty("attempts").GetProperty("Ok").GetInt32()));
        Assert.True(_fixture.Events("load.health").Single().TryGetProperty("valid", out _));
    }

    [Fact]
    public void Start_folder_cannot_be_made_is_one_clear_error()
    {
        var file = Path.Combine(_fixture.Folder.Path, "file");
        File.WriteAllText(file, "");
        var folder = new Runs.ScenarioFolder(Path.Combine(file, "below"));

        var error = Assert.Throws<FaultMatrixException>(() => LoadGenerator.Start(
            LoadFixture.Fast, "m", new ScriptedService(s => s.ServeAsync()), folder, _fixture.Timeline,
            cancellation: TestContext.Current.CancellationToken));

        Assert.Equal("FT0501", error.Code);
    }

    public void Dispose() => _fixture.Dispose();
}
