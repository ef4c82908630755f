using System.Text;
using System.Text.Json;
using CsCheck;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Tests.Artefacts.ClientLogs;

public sealed class PythonJsonTests
{
    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(1, "1.0")]
    [InlineData(1.187, "1.187")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.0000503, "5.03e-05")]
    [InlineData(30.0001234, "30.0001234")]
    public void Float_is_printed_as_python_does(double value, string expected)
    {
        var to = new ByteBuffer();
        PythonJson.Float(to, value);
        Assert.Equal(expected, Encoding.ASCII.GetString(to.Written));
    }

    [Fact]
    public void String_is_escaped_as_python_does()
    {
        var to = new ByteBuffer();
        PythonJson.String(to, "a\"\\\n\t\b\fé😀\u0001/<>");
        Assert.Equal("\"a\\\"\\\\\\n\\t\\b\\f\\u00e9\\ud83d\\ude00\\u0001/<>\"", Encoding.ASCII.GetString(to.Written));
    }

    [Fact]
    public void Read_any_json_comes_out_the_same_in_ascii_on_one_line()
    {
        var text = Gen.String[Gen.Char["ab\"\\/\n é😀\u0001"], 0, 8];
        var leaf = Gen.OneOf(text.Select(t => JsonSerializer.Serialize(t)), text.Select(t => Relaxed(t)), Gen.Int.Select(i => i.ToString()),
            Gen.OneOf(Gen.Const("null"), Gen.Const("true"), Gen.Const("1.5e10"), Gen.Const("[]"), Gen.Const("{}")));
        Gen<string> level = leaf;
        for (var depth = 0; depth < 3; depth++)
        {
            var below = level;
            level = Gen.OneOf(leaf, below.Array[0, 4].Select(a => "[" + string.Join(" ,\n", a) + "]"),
                Gen.Select(text, below, (name, value) => (name, value)).Array[0, 4]
                    .Select(m => "{" + string.Join(",", m.Select((p, i) => $"{Relaxed(p.name + i)} :{p.value}")) + " }"));
        }

        level.Sample(json =>
        {
            var to = new ByteBuffer();
            Assert.True(AnswerReader.Read(Encoding.UTF8.GetBytes(json), to).WellFormed);
            var written = Encoding.ASCII.GetString(to.Written);
            Assert.DoesNotContain('\n', written);
            Assert.All(to.Written.ToArray(), b => Assert.True(b < 128));
            using var expected = JsonDocument.Parse(json);
            using var actual = JsonDocument.Parse(written);
            Assert.True(JsonElement.DeepEquals(expected.RootElement, actual.RootElement), written);
        });
    }

    [Fact]
    public void Read_facts_are_those_of_the_first_choice()
    {
        const string Body = """
            {"usage":{"details":{"completion_tokens":9},"completion_tokens":7},
             "choices":[{"index":0,"message":{"role":"assistant","tool":{"content":"no"},"content":"h\u00e9llo"}},{"message":{"content":"second, and longer"}}],
             "content":"not this"}
            """;
        var facts = AnswerReader.Read(Encoding.UTF8.GetBytes(Body), new());
        Assert.Equal((true, true, 7L, 5), (facts.WellFormed, facts.HasChoice, facts.Tokens, facts.Characters));
    }

    [Theory]
    [InlineData("h\u00e9llo", 5)]
    [InlineData("h\\u00e9l\\nlo", 6)]
    [InlineData("cut \\ud83d", 5)]
    [InlineData("\\\\\\\\n", 3)]
    public void Read_characters_are_counted_as_python_reads_them(string escaped, int expected) =>
        Assert.Equal(
            expected,
            AnswerReader.Read(Encoding.UTF8.GetBytes($"{{\"choices\":[{{\"message\":{{\"content\":\"{escaped}\"}}}}]}}"), new()).Characters
        );

    private static string Relaxed(string text) =>
        JsonSerializer.Serialize(text, RelaxedOptions);

    private static readonly JsonSerializerOptions RelaxedOptions =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Seconds_writes_any_span_as_a_float_is_written() =>
        Gen.OneOf(
                Gen.Long[0, 20_000],
                Gen.Long[0, 100_000_000],
                Gen.Long[0, 400L * TimeSpan.TicksPerDay],
                Gen.Long[0, 5_000].Select(s => s * TimeSpan.TicksPerSecond)
            )
            .Sample(
                ticks =>
                {
                    var (spans, floats) = (new ByteBuffer(), new ByteBuffer());
                    PythonJson.Seconds(spans, TimeSpan.FromTicks(ticks));
                    PythonJson.Float(floats, TimeSpan.FromTicks(ticks).TotalSeconds);
                    Assert.Equal(Encoding.ASCII.GetString(floats.Written), Encoding.ASCII.GetString(spans.Written));
                },
                iter: 20_000
            );
}
