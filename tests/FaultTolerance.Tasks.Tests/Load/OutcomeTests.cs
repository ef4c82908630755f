using System.Net.Sockets;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Load;

/// <summary>Each way an attempt can go, from the wire to the record.</summary>
public sealed class OutcomeTests : IDisposable
{
    private readonly LoadFixture _fixture = new();

    // xunit wants its cases public, and these are of internal types.
    private static class Cases
    {
        public static TheoryData<string, Outcome> Answers => new()
        {
            { Http(200, Bodies.Chat()), Outcome.Ok },
            { Http(200, Bodies.Chat(tokens: 99)), Outcome.ShortOutput },
            { Http(200, "{\"choices\":[]}"), Outcome.Malformed },
            { Http(200, "{\"choices\":[{\"message\":{\"content\":\"short\"}}]}"), Outcome.ShortOutput },
            { Http(200, "{\"choices\":[{\"message\""), Outcome.Malformed },
            { Http(302, ""), Outcome.Malformed },
            { Http(404, "not found"), Outcome.ClientError },
            { Http(429, "{}"), Outcome.Rejected },
            { Http(500, "{}"), Outcome.ServerError },
            { Http(503, "{}"), Outcome.Rejected },
            { Http(529, "{}"), Outcome.Rejected },
            { "", Outcome.ResetBeforeHeaders },
            { "HTTP/1.1 200", Outcome.ResetBeforeHeaders },
            { "SSH-2.0-x\r\n\r\n", Outcome.Malformed },
            { "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"choices\"", Outcome.ResetMidStream },
            { "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc", Outcome.ResetMidStream },
            { "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", Outcome.Malformed },
            { "HTTP/1.1 100 Continue\r\n\r\n" + Http(200, Bodies.Chat()), Outcome.Ok },
            { "HTTP/1.1 200 OK\r\n\r\n" + Bodies.Chat(), Outcome.Ok },
            { "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + Bodies.InChunk(Bodies.Chat()) + "0\r\n\r\n", Outcome.Ok },
        };

        public static TheoryData<string, Outcome> Streams =>
            new()
            {
                { Bodies.Stream(100), Outcome.Ok },
                { Bodies.Stream(99), Outcome.ShortOutput },
                { Bodies.Stream(100)[..^60], Outcome.ResetMidStream },
                { Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("a")) + "0\r\n\r\n", Outcome.StreamTruncated },
                {
                    Bodies.StreamHead + Bodies.InChunk("data: {\"choices\"\n\n") + Bodies.InChunk("data: [DONE]\n\n") + "0\r\n\r\n",
                    Outcome.Malformed
                },
                {
                    Bodies.StreamHead
                        + Bodies.InChunk("data: {\"error\":{\"code\":503}}\n\n")
                        + Bodies.InChunk("data: [DONE]\n\n")
                        + "0\r\n\r\n",
                    Outcome.Rejected
                },
                { Bodies.StreamHead + Bodies.InChunk("data: {\"error\":\"oh\"}\n\n") + "0\r\n\r\n", Outcome.ServerError },
                // All is there but the framing's own end.
                { Bodies.Stream(100)[..^5], Outcome.Ok },
                { Http(503, "{}"), Outcome.Rejected },
                { Http(200, Bodies.Chat()), Outcome.Ok },
            };
    }

    [Theory]
    [MemberData(nameof(Cases.Answers), MemberType = typeof(Cases))]
    internal async Task Attempt_answer_on_the_wire_has_one_outcome(string wire, Outcome expected) =>
        Assert.Equal(expected, await OneAsync(LoadFixture.Fast, wire));

    [Theory]
    [MemberData(nameof(Cases.Streams), MemberType = typeof(Cases))]
    internal async Task Attempt_stream_on_the_wire_has_one_outcome(string wire, Outcome expected) =>
        Assert.Equal(expected, await OneAsync(LoadFixture.Fast with { Stream = true }, wire));

    [Theory]
    [InlineData(SocketError.ConnectionRefused, Outcome.Refused)]
    [InlineData(SocketError.HostNotFound, Outcome.Dns)]
    [InlineData(SocketError.TimedOut, Outcome.ConnectTimeout)]
    [InlineData(SocketError.TooManyOpenSockets, Outcome.Transport)]
    internal async Task Attempt_connection_not_made_is_told_by_its_cause(SocketError cause, Outcome expected)
    {
        var service = new ScriptedService(s => s.ServeAsync()) { Connecting = (_, _) => throw new SocketException((int)cause) };
        Assert.Equal(expected, await OneAsync(LoadFixture.Fast, service));
    }

    [Fact]
    public async Task Attempt_tunnel_breaks_in_the_body_is_our_transports_fault()
    {
        var service = new ScriptedService(async s =>
        {
            await s.RequestAsync();
            await s.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{");
            s.Stream.Reset(new TransportException(Outcome.Transport, "the port-forward ended"));
        });

        Assert.Equal(Outcome.Transport, await OneAsync(LoadFixture.Fast, service));
        Assert.Equal("the port-forward ended", _fixture.Lines(0)[0].GetProperty("results")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Attempt_no_answer_is_a_deadline() => Assert.Equal(Outcome.Deadline, await TimedAsync(
        LoadFixture.Fast, new ScriptedService(async s =>
        {
            await s.RequestAsync();
            await s.RequestAsync();
        })));

    [Fact]
    public async Task Attempt_connection_hangs_is_a_connect_timeout() => Assert.Equal(Outcome.ConnectTimeout, await TimedAsync(
        LoadFixture.Fast, new ScriptedService(s => s.ServeAsync()) { Connecting = (_, token) => Task.Delay(Timeout.Infinite, token) }));

    [Fact]
    public async Task Attempt_silence_after_a_token_is_a_stall() => Assert.Equal(Outcome.Stalled, await TimedAsync(
        LoadFixture.Fast with { Stream = true, StallTimeout = TimeSpan.FromSeconds(5) }, new ScriptedService(async s =>
        {
            await s.RequestAsync();
            await s.SendAsync(Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("a")));
            await s.RequestAsync();
        })));

    [Fact]
    public async Task Attempt_stream_is_recorded_as_the_body_it_would_have_been()
    {
        await OneAsync(
            LoadFixture.Fast with
            {
                Stream = true,
                OutputTokens = 3,
            },
            Bodies.StreamHead
                + Bodies.InChunk(Bodies.Chunk("one \\\""))
                + Bodies.InChunk(Bodies.Chunk("zwei ü "))
                + Bodies.InChunk(Bodies.Chunk("\\ud83d\\ude00"))
                + Bodies.InChunk("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n")
                + Bodies.InChunk("data: {\"choices\":[],\"usage\":{\"completion_tokens\":3}}\n\ndata: [DONE]\n\n")
                + "0\r\n\r\n"
        );

        var attempt = _fixture.Lines(0)[0].GetProperty("results")[0];
        var choice = attempt.GetProperty("result").GetProperty("choices")[0];
        Assert.Equal("one \"zwei ü 😀", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("c1", attempt.GetProperty("result").GetProperty("id").GetString());
        Assert.Equal(3, attempt.GetProperty("result").GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal((3, 3), (attempt.GetProperty("tokens").GetInt32(), attempt.GetProperty("tokensAsked").GetInt32()));
        Assert.True(attempt.TryGetProperty("firstToken", out _));
        Assert.All(File.ReadAllBytes(_fixture.Folder.ClientLog(0)), b => Assert.True(b < 128));
    }

    public void Dispose() => _fixture.Dispose();

    private static string Http(int status, string body) =>
        $"HTTP/1.1 {status} Text\r\ncontent-length: {System.Text.Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    private Task<Outcome> OneAsync(Scenarios.LoadSpec spec, string wire) => OneAsync(spec, new ScriptedService(async s =>
    {
        await s.RequestAsync();
        await s.SendAsync(wire);
    }));

    private async Task<Outcome> OneAsync(Scenarios.LoadSpec spec, ScriptedService service)
    {
        var totals = await _fixture.RunAsync(spec with { Clients = 1, RequestsPerClient = 1 }, service);
        var outcome = totals.Attempts.Single().Key;
        Assert.Equal(outcome.ToString(), _fixture.Lines(0).Single().GetProperty("outcome").GetString());
        return outcome;
    }

    private static async Task<Outcome> TimedAsync(Scenarios.LoadSpec spec, ScriptedService service)
    {
        var time = new FakeTimeProvider();
        using var fixture = new LoadFixture(time);
        var totals = await LoadFixture.DriveAsync(
            time, fixture.RunAsync(spec with { Clients = 1, RequestsPerClient = 1 }, service), TimeSpan.FromSeconds(1));
        return totals.Attempts.Single().Key;
    }
}
