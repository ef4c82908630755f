using System.Text;
using CsCheck;
using FaultTolerance.StandIn.OpenAi;

namespace FaultTolerance.StandIn.Tests.OpenAi;

public sealed class ChatRequestTests
{
    private const string Message = """ "model":"M","messages":[{"role":"user","content":"1 2 3"}] """;

    [Fact]
    public void Parse_minIsMax_fixesTheLength()
    {
        var request = Parse(
            $$"""{ {{Message}}, "max_tokens": 100, "min_tokens": 100, "temperature": 0.1, "ignore_eos": true, "stream": false }"""
        );

        Assert.Equal(("M", 100, true, false), (request.Model, request.Tokens, request.ReachesLimit, request.Stream));
        Assert.Equal(7, request.PromptTokens);
    }

    [Fact]
    public void Parse_maxCompletionTokens_goesBeforeMaxTokens() =>
        Assert.Equal(5, Parse($$"""{ {{Message}}, "max_tokens": 100, "max_completion_tokens": 5, "ignore_eos": true }""").Tokens);

    [Fact]
    public void Parse_withoutIgnoreEos_staysBetweenTheBounds() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int)
            .Where((least, more, _) => least + more > 0)
            .Sample(
                (least, more, seed) =>
                {
                    var request = Parse($$"""{ {{Message}}, "seed": {{seed}}, "min_tokens": {{least}}, "max_tokens": {{least + more}} }""");
                    return request.Tokens >= Math.Max(1, least)
                        && request.Tokens <= least + more
                        && request.ReachesLimit == (request.Tokens == least + more);
                }
            );

    [Theory]
    [InlineData("[1]", "object")]
    [InlineData("nonsense", "not JSON")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"M"}""", "messages")]
    [InlineData("""{"model":"M","messages":[{"content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"M","messages":[{"role":"user","content":7}]}""", "messages[0].content")]
    [InlineData("""{"model":"M","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"model":"M","messages":[{"role":"user","content":"x"}],"max_tokens":1.5}""", "max_tokens")]
    [InlineData("""{"model":"M","messages":[{"role":"user","content":"x"}],"max_tokens":1,"min_tokens":2}""", "min_tokens")]
    [InlineData("""{"model":"M","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", "stream")]
    [InlineData("""{"model":"M","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}""", "stream_options")]
    [InlineData("""{"model":"M","messages":[{"role":"user","content":"x"}],"n":2}""", "n greater")]
    public void Parse_wrong_is400AndNamesIt(string body, string named)
    {
        var error = Assert.Throws<ApiError>(() => Parse(body));

        Assert.Equal(400, error.Status);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_contentParts_countTheirWords() =>
        Assert.Equal(
            4 + 2,
            Parse(
                """{"model":"M","messages":[{"role":"user","content":[{"type":"text","text":"a b"},{"type":"image_url"}]}]}"""
            ).PromptTokens
        );

    [Fact]
    public void Vocabulary_everyToken_isOneWordOfItsOwn()
    {
        var words = Enumerable.Range(0, EngineVocabulary).Select(token =>
        {
            var text = new StringBuilder();
            Vocabulary.Append(text, token, first: true);
            return text.ToString();
        }).ToList();

        Assert.All(words, word => Assert.DoesNotContain(' ', word));
        Assert.Equal(EngineVocabulary, words.Distinct(StringComparer.Ordinal).Count());
    }

    private const int EngineVocabulary = FaultTolerance.StandIn.EngineCore.TokenEngine.VocabularySize;

    private static ChatRequest Parse(string body) => ChatRequest.Parse(Encoding.UTF8.GetBytes(body));
}
