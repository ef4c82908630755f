using System.Text.Json;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load;

/// <summary>What servers that nobody here wrote send: errors told inside an answer with status 200, ends of streams, odd bodies.</summary>
public sealed class AnswersOfServersTests : IDisposable
{
    private const string Done = "data: [DONE]\n\n";
    private readonly LoadFixture _fixture = new();
    private static readonly string Some = Tokens(37);
    private static readonly string Whole = Tokens(100) + Bodies.Usage(100);

    // xunit wants its cases public, and these are of internal types.
    private static class Cases
    {
        /// <summary>A stream's body, its outcome, and what its error says.</summary>
        public static TheoryData<string, Outcome, string?> Streams =>
            new()
            {
                { Whole + Done, Outcome.Ok, null },
                // vLLM before its errors had an object of their own.
                {
                    Some + Data("""{"object":"error","message":"EngineDead","type":"InternalServerError","param":null,"code":500}""") + Done,
                    Outcome.ServerError,
                    "EngineDead"
                },
                { Some + "event: error\ndata: {\"code\":503,\"details\":\"overloaded\"}\n\n" + Done, Outcome.Rejected, "overloaded" },
                { Some + "event: error\n: worker lost\n\n" + Done, Outcome.ServerError, "worker lost" },
                { Some + "event: error\n: worker lost\n\n", Outcome.ServerError, "worker lost" },
                { Some + "event: error\n: worker lost\n", Outcome.ServerError, "worker lost" },
                { Some + "event: error\n\n" + Done, Outcome.ServerError, "says nothing" },
                { Whole + "event: error\n: worker lost\n\n" + Done, Outcome.ServerError, "worker lost" },
                {
                    Some + Data("""{"error":{"message":"lost","type":"internal_server_error","code":500}}""") + Done,
                    Outcome.ServerError,
                    "lost"
                },
                { Data("""{"error":{"message":"slow down","code":"429"}}""") + Done, Outcome.Rejected, "slow down" },
                { Data("""{"error":"queue full"}""") + Done, Outcome.ServerError, "queue full" },
                { Some + Data("""{"message":"not ready","type":"Service Unavailable","code":503}""") + Done, Outcome.Rejected, "not ready" },
                { "{\"error\":{\"code\":503,\"message\":\"no workers\"}}\n", Outcome.Rejected, "no workers" },
                { "{\"error\":{\"code\":503,\"message\":\"no workers\"}}", Outcome.Rejected, "no workers" },
                { Some + "error: {\"code\":500,\"message\":\"slot lost\"}\n\n", Outcome.ServerError, "slot lost" },
                { "{\"error\":", Outcome.Malformed, "neither an event nor whole JSON" },
                // Ends.
                { Whole + "data: [DONE] \n\n", Outcome.Ok, null },
                { Whole + "data:  [DONE]\n\n", Outcome.Ok, null },
                { Whole + "data: [DONE]\n", Outcome.Ok, null },
                { Whole + "data: [DONE]", Outcome.Ok, null },
                { Whole, Outcome.StreamTruncated, "end marker" },
                // What the output is called, and who counts it.
                { Tokens(100, "reasoning") + Bodies.Usage(100) + Done, Outcome.Ok, null },
                { Tokens(100, "reasoning_content") + Done, Outcome.Ok, null },
                { Tokens(10, "reasoning") + Done, Outcome.Ok, null },
                {
                    Data("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"x"}}]}}]}""") + Done,
                    Outcome.Ok,
                    null
                },
                { Data("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""") + Done, Outcome.ShortOutput, "no output" },
                { Some + Bodies.Usage(37) + Done, Outcome.ShortOutput, "37 of 100 tokens" },
                // Twenty events of five tokens.
                { Tokens(20) + Bodies.Usage(100) + Done, Outcome.Ok, null },
                { "event: llm_metrics\ndata: [1]\n\n" + Whole + Done, Outcome.Ok, null },
                { "\uFEFF" + Whole + Done, Outcome.Ok, null },
            };

        /// <summary>A body in one piece with status 200.</summary>
        public static TheoryData<string, string, Outcome, string?> Bodies200 => new()
        {
            { """{"error":{"message":"no workers","code":503}}""", "", Outcome.Rejected, "no workers" },
            { """{"error":"no workers"}""", "", Outcome.ServerError, "no workers" },
            { """{"object":"error","message":"EngineDead","code":500}""", "", Outcome.ServerError, "EngineDead" },
            { """{"message":"Model not found","type":"Not Found","code":404}""", "", Outcome.ClientError, "Model not found" },
            { "\uFEFF" + Bodies.Chat(), "", Outcome.Malformed, "byte order mark" },
            { "<html>maintenance</html>", "", Outcome.Malformed, "page" },
            { "", "", Outcome.Malformed, "empty" },
            { Bodies.Chat(), "content-encoding: gzip\r\n", Outcome.Malformed, "encoded as 'gzip', which was not asked for" },
            { Bodies.Chat(), "content-encoding: identity\r\n", Outcome.Ok, null },
            { Message("""{"role":"assistant","content":null,"reasoning":"CONTENT"}"""), "", Outcome.Ok, null },
            { Message("""{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}"""), "", Outcome.Ok, null },
            { """{"error":null,""" + Bodies.Chat()[1..], "", Outcome.Ok, null },
        };
    }

    [Theory]
    [MemberData(nameof(Cases.Streams), MemberType = typeof(Cases))]
    internal async Task Stream_is_what_its_server_meant(string body, Outcome expected, string? says)
    {
        var attempt = await OneAsync(LoadFixture.Fast with { Stream = true }, Bodies.StreamHead + Bodies.InChunk(body) + "0\r\n\r\n");

        Check(attempt, expected, says);
        Assert.Equal(expected is Outcome.Ok or Outcome.ShortOutput, attempt.GetProperty("result").ValueKind == JsonValueKind.Object);
    }

    [Theory]
    [MemberData(nameof(Cases.Streams), MemberType = typeof(Cases))]
    internal async Task Stream_whose_connection_breaks_after_an_error_or_its_end_is_the_same(string body, Outcome expected, string? says)
    {
        var attempt = await OneAsync(LoadFixture.Fast with { Stream = true }, Bodies.StreamHead + Bodies.InChunk(body));

        // Without the end of the body, what is not decided by its content is a connection that broke.
        var decided = expected is not (Outcome.StreamTruncated or Outcome.Malformed);
        Check(attempt, decided ? expected : Outcome.ResetMidStream, decided ? says : null);
    }

    [Theory]
    [MemberData(nameof(Cases.Bodies200), MemberType = typeof(Cases))]
    internal async Task Body_with_status_200_is_named_as_what_it_is(string body, string header, Outcome expected, string? says) =>
        Check(
            await OneAsync(
                LoadFixture.Fast,
                $"HTTP/1.1 200 OK\r\n{header}content-length: {System.Text.Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"
            ),
            expected,
            says
        );

    [Fact]
    public async Task Stream_nobody_asked_for_is_named() =>
        Check(await OneAsync(LoadFixture.Fast, Bodies.Stream(100)), Outcome.Malformed, "stream of events");

    [Fact]
    public async Task Stream_with_an_encoding_is_named() =>
        Check(
            await OneAsync(
                LoadFixture.Fast with
                {
                    Stream = true,
                },
                Bodies.Stream(100).Replace("transfer", "content-encoding: gzip\r\ntransfer", StringComparison.Ordinal)
            ),
            Outcome.Malformed,
            "encoded as 'gzip'"
        );

    [Fact]
    public async Task Page_with_an_encoding_and_another_status_is_its_status() =>
        Check(
            await OneAsync(LoadFixture.Fast, "HTTP/1.1 503 Busy\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nxx"),
            Outcome.Rejected,
            "HTTP 503"
        );

    [Fact]
    public async Task Stream_reasoning_is_seen_as_it_comes()
    {
        var attempt = await OneAsync(
            LoadFixture.Fast with
            {
                Stream = true,
            },
            Bodies.StreamHead + Bodies.InChunk(Tokens(100, "reasoning") + Bodies.Usage(100) + Done) + "0\r\n\r\n"
        );

        Assert.True(attempt.TryGetProperty("firstToken", out _));
        Assert.Equal(100, attempt.GetProperty("tokens").GetInt32());
        Assert.StartsWith(
            "tok tok ",
            attempt.GetProperty("result").GetProperty("choices")[0].GetProperty("message").GetProperty("reasoning_content").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Stream_without_usage_says_events_and_not_tokens()
    {
        var attempt = await OneAsync(
            LoadFixture.Fast with
            {
                Stream = true,
            },
            Bodies.StreamHead + Bodies.InChunk(Tokens(10) + Done) + "0\r\n\r\n"
        );

        Assert.Equal(10, attempt.GetProperty("events").GetInt32());
        Assert.False(attempt.TryGetProperty("tokens", out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_that_never_ends_is_refused_at_its_limit(bool stream)
    {
        var sent = 0L;
        var service = new ScriptedService(async s =>
        {
            await s.RequestAsync();
            await s.SendAsync(stream ? Bodies.StreamHead : "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            var part = stream ? Bodies.InChunk(Tokens(100)) : Bodies.InChunk(new string(' ', 16 * 1024));
            for (; sent < 64 * 1024 * 1024; sent += part.Length)
            {
                await s.SendAsync(part);
                await Task.Yield();
            }
        });

        var attempt = await OneAsync(LoadFixture.Fast with { Stream = stream, OutputTokens = 10 }, service);

        Check(attempt, Outcome.Malformed, "longer than");
    }

    public void Dispose() => _fixture.Dispose();

    private static void Check(JsonElement attempt, Outcome expected, string? says)
    {
        var error = attempt.TryGetProperty("error", out var text) ? text.GetString() : null;
        Assert.True(attempt.GetProperty("outcome").GetString() == expected.ToString(), $"{attempt.GetProperty("outcome")}: {error}");
        if (says is not null)
        {
            Assert.Contains(says, error, StringComparison.Ordinal);
        }
    }

    private static string Data(string json) => $"data: {json}\n\n";

    private static string Tokens(int count, string key = "content") =>
        string.Concat(
            Enumerable.Repeat(
                Data(
                    $$$"""{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"{{{key}}}":"tok "},"finish_reason":null}]}"""
                ),
                count
            )
        );

    private static string Message(string message) =>
        $$"""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{{message.Replace("CONTENT", new string('r', 400), StringComparison.Ordinal)}}}]}""";

    private Task<JsonElement> OneAsync(LoadSpec spec, string wire) => OneAsync(spec, new ScriptedService(async s =>
    {
        await s.RequestAsync();
        await s.SendAsync(wire);
    }));

    private async Task<JsonElement> OneAsync(LoadSpec spec, ScriptedService service)
    {
        await _fixture.RunAsync(spec with { Clients = 1, RequestsPerClient = 1 }, service);
        return _fixture.Lines(0).Single().GetProperty("results")[0];
    }
}
