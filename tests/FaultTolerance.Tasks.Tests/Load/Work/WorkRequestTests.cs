using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Support;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Work;

/// <summary>The bodies that a load's work makes.</summary>
public sealed class WorkRequestTests
{
    private static readonly LengthSpec Wide = new() { Kind = LengthKind.Normal, Mean = 100, Deviation = 30 };

    [Theory]
    [InlineData("Chat")]
    [InlineData("Completions")]
    public void For_drawn_lengths_has_as_many_words_and_tokens_as_it_says(string api)
    {
        var request = Request(new LoadSpec { Api = Enum.Parse<Api>(api), InputLengths = Wide, OutputLengths = Wide, Stream = true });
        for (var number = 0; number < 20; number++)
        {
            var body = Body(request, number);
            var asked = Assert.NotNull(request.Asked);

            Assert.Equal(asked.Words, (api == "Chat" ? Content(body, 0) : body["prompt"]!.GetValue<string>()).Split(' ').Length);
            Assert.Equal(asked.OutputTokens, body["max_tokens"]!.GetValue<int>());
            Assert.Equal(asked.OutputTokens, body["min_tokens"]!.GetValue<int>());
            Assert.True(body["stream"]!.GetValue<bool>());
        }
    }

    [Fact]
    public void For_prompts_of_a_file_deals_its_lines_in_turn_as_they_stand()
    {
        using var file = new WorkFolder();
        var path = file.Write("""
            {"messages": [{"role": "system", "content": "ä"}, {"role": "user", "content": [{"type": "text", "text": "a"}]}], "max_tokens": 7}

            {"messages": [{"role": "user", "content": "b"}]}
            {"messages": [{"role": "user", "content": "c"}]}
            """);
        var spec = new LoadSpec { Clients = 2, OutputTokens = 5, Prompts = WorkFolder.Known(path, 3) };

        var (first, second) = (Request(spec), Request(spec, client: 1));
        var body = Body(first, 0);
        Assert.Equal(
            """[{"role":"system","content":"\u00E4"},{"role":"user","content":[{"type":"text","text":"a"}]}]""",
            body["messages"]!.ToJsonString());
        Assert.Equal((7, 7), (body["max_tokens"]!.GetValue<int>(), first.Asked!.Value.OutputTokens));
        Assert.Equal(0, first.Asked.Value.Words);
        Assert.Equal(["b", "c", "ä"], [Content(Body(second, 0), 0), Content(Body(first, 1), 0), Content(Body(second, 1), 0)]);
        Assert.Equal((5, 4), (first.Asked!.Value.OutputTokens, first.Asked.Value.Line));
    }

    [Fact]
    public void For_shared_prefix_is_one_of_its_groups_beside_the_own_words()
    {
        var request = Request(new LoadSpec { InputTokens = 10, SharedPrefix = new(50, 3), Seed = 4 });
        var bodies = Enumerable.Range(0, 60).Select(number => Body(request, number)).ToArray();

        var prefixes = bodies.Select(body => Content(body, 0)).Distinct(StringComparer.Ordinal).ToArray();
        Assert.Equal(3, prefixes.Length);
        Assert.All(prefixes, prefix => Assert.Equal(50, prefix.Split(' ').Length));
        Assert.Equal(60, bodies.Select(body => Content(body, 1)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void For_shared_prefix_of_completions_begins_the_prompt()
    {
        var request = Request(new LoadSpec { Api = Api.Completions, InputTokens = 10, SharedPrefix = new(50, 1) });
        var prompts = Enumerable.Range(0, 2).Select(number => Body(request, number)["prompt"]!.GetValue<string>()).ToArray();

        Assert.All(prompts, prompt => Assert.Equal(60, prompt.Split(' ').Length));
        Assert.Equal(prompts[0][..100], prompts[1][..100]);
        Assert.NotEqual(prompts[0], prompts[1]);
    }

    [Fact]
    public void For_trace_shares_the_words_of_blocks_with_the_same_id_alone()
    {
        using var file = new WorkFolder();
        var path = file.Write("""
            {"timestamp": 0, "input_length": 1030, "output_length": 5, "hash_ids": [1, 2, 3]}
            {"timestamp": 10, "input_length": 1024, "output_length": 6, "hash_ids": [1, 7]}
            {"timestamp": 20, "input_length": 3, "output_length": 7}
            """);
        var spec = new LoadSpec { Mode = LoadMode.Open, Clients = 1, Trace = new(WorkFolder.Known(path, 3), 0.02, 1) };
        var request = Request(spec);

        var words = Enumerable.Range(0, 3).Select(number => Content(Body(request, number), 0).Split(' ')).ToArray();
        Assert.Equal([1030, 1024, 3], words.Select(prompt => prompt.Length));
        Assert.Equal(words[0][..512], words[1][..512]);
        Assert.NotEqual(words[0][512..1024], words[1][512..1024]);
        Assert.Equal((3, 7), (request.Asked!.Value.Line, request.Asked.Value.OutputTokens));
    }

    [Fact]
    public void For_session_repeats_what_was_said_and_begins_anew_after_its_turns()
    {
        var request = Request(new LoadSpec { InputTokens = 3, Sessions = new(3) });
        var first = Body(request, 0);
        request.Answered(Answer("one \"quoted\""));
        var second = Body(request, 1);
        // The second turn is not answered.
        var third = Body(request, 2);
        request.Answered(Answer("three"));
        var fourth = Body(request, 3);

        Assert.Equal(["user"], Roles(first));
        Assert.Equal(["user", "assistant", "user"], Roles(second));
        Assert.Equal((Content(first, 0), "one \"quoted\""), (Content(second, 0), Content(second, 1)));
        Assert.Equal(["user", "assistant", "user"], Roles(third));
        Assert.NotEqual(Content(second, 2), Content(third, 2));
        Assert.Equal(["user"], Roles(fourth));
        Assert.Equal((2, 1), (request.Asked!.Value.Session, request.Asked.Value.Turn));
    }

    [Fact]
    public void Of_changed_file_is_refused()
    {
        using var file = new WorkFolder();
        var path = file.Write("""{"messages": [{"role": "user", "content": "b"}]}""");
        var spec = new LoadSpec { Prompts = WorkFolder.Known(path, 1) };
        file.Write("""{"messages": [{"role": "user", "content": "c"}]}""");

        Assert.Equal("FT0540", Assert.Throws<FaultMatrixException>(() => LoadWork.Of(spec)).Code);
    }

    [Fact]
    public void Of_chats_for_completions_tells_the_line()
    {
        using var file = new WorkFolder();
        var path = file.Write("""{"messages": [{"role": "user", "content": "b"}]}""");
        var spec = new LoadSpec { Api = Api.Completions, Prompts = WorkFolder.Known(path, 1) };

        var error = Assert.Throws<FaultMatrixException>(() => LoadWork.Of(spec));
        Assert.Equal("FT0241", error.Code);
        Assert.Contains("(1): unknown key 'messages'", error.Message, StringComparison.Ordinal);
    }

    private static WorkRequest Request(LoadSpec spec, int client = 0) => new(spec, "m", client, LoadWork.Of(spec)!);

    private static JsonNode Body(WorkRequest request, long number)
    {
        request.Prepare(number);
        var text = Encoding.UTF8.GetString(request.For(FrontendTarget.For(ScriptedService.Endpoint("a")), number).Span);
        var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Contains($"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n", text, StringComparison.Ordinal);
        return JsonNode.Parse(body)!;
    }

    private static byte[] Answer(string text) =>
        Encoding.UTF8.GetBytes(new JsonObject
        {
            ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["content"] = text } }),
        }.ToJsonString());

    private static string[] Roles(JsonNode body) =>
        [.. body["messages"]!.AsArray().Select(message => message!["role"]!.GetValue<string>())];

    private static string Content(JsonNode body, int message) => body["messages"]![message]!["content"]!.GetValue<string>();
}
