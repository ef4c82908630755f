using System.Text;
using CsCheck;
using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Tests.Artefacts.ClientLogs;

public sealed class PythonTextsTests
{
    private static readonly string[] Parts = ["\"", "\\", "\\ud800", "\\udc00", "NaN", "Infinity", "-", "u", "{", ":", "1", "é"];

    [Theory]
    [InlineData("""{"a": NaN, "b": -Infinity, "c": [Infinity, -1.5]}""", """{"a": null, "b": null, "c": [null, -1.5]}""")]
    [InlineData("""{"a": "NaN Infinity", "b": NaN}""", """{"a": "NaN Infinity", "b": null}""")]
    [InlineData("""{"a": "x\ud800", "b": "\udc00y"}""", """{"a": "x\ufffd", "b": "\ufffdy"}""")]
    [InlineData("""{"\ud800": "\\ud800 \ud83d\ude00 \"NaN"}""", """{"\ufffd": "\\ud800 \ud83d\ude00 \"NaN"}""")]
    [InlineData("""["\ud800\ud800\udc00"]""", """["\ufffd\ud800\udc00"]""")]
    public void ToJson_replaces_what_json_does_not_know(string text, string expected) => Assert.Equal(expected, Text(text));

    [Theory]
    [InlineData("""{"a": 1, "b": "\ud83d\ude00 NaN \\", "c": -1}""")]
    [InlineData("")]
    [InlineData("\"\\")]
    [InlineData("\"\\u12")]
    [InlineData("- N I")]
    public void ToJson_of_json_and_of_nonsense_is_nothing(string text) => Assert.Null(Text(text));

    [Fact]
    public void ToJson_never_throws_and_leaves_nothing_of_the_kind() =>
        Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[0, 12].Sample(parts =>
            Text(string.Concat(parts)) is not { } json || Text(json) is null);

    private static string? Text(string text) =>
        PythonTexts.ToJson(Encoding.UTF8.GetBytes(text)) is { } json ? Encoding.UTF8.GetString(json) : null;
}
