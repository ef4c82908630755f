using System.Text;
using System.Text.Json;
using CsCheck;
using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Tests.Artefacts.ClientLogs;

public sealed class AnswerLengthTests
{
    [Theory]
    [InlineData("null", -1)]
    [InlineData("[]", -1)]
    [InlineData("\"text\"", -1)]
    [InlineData("{}", -1)]
    [InlineData("""{"choices":[]}""", -1)]
    [InlineData("""{"choices":[{"message":{"content":null}}]}""", -1)]
    [InlineData("""{"choices":[{"message":{"content":""}}]}""", 0)]
    [InlineData("""{"choices":[{"message":{"content":"ab"}},{"message":{"content":"abcdef"}}]}""", 2)]
    [InlineData("""{"choices":[{"message":{"reasoning_content":"abc"}}]}""", 3)]
    [InlineData("""{"choices":[{"message":{"content":null,"reasoning_content":"abc"}}]}""", -1)]
    [InlineData("""{"error":{"choices":[{"message":{"content":"abc"}}]}}""", -1)]
    [InlineData("""{"choices":[{"message":{"content":"\u00e4\ud83d\ude00\n\"x"}}]}""", 5)]
    public void Read_counts_code_points_of_the_first_choice(string json, int expected) => Assert.Equal(expected, Read(json));

    [Fact]
    public void Read_agrees_with_a_full_decoding() =>
        Gen.String.Sample(text =>
        {
            // A lone surrogate is no text that JSON can carry.
            var clean = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            var json = JsonSerializer.Serialize(new { choices = new[] { new { message = new { content = clean } } } });
            Assert.Equal(clean.EnumerateRunes().Count(), Read(json));
        });

    private static int Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return AnswerLength.Read(ref reader);
    }
}
