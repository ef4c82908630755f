using CsCheck;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Tests.Model;

public class ForeignTextTests
{
    private static readonly string[] Words =
    [
        "::",
        "##[",
        "##vso[",
        "##TeamCity[",
        "\r\n",
        "\u001b[31m",
        "\u009b",
        "\u2028",
        "\u202e",
        " ",
        "ü",
        "😀",
    ];
    private static readonly Gen<string> Evil = Gen.OneOf(Gen.Char.Select(c => $"{c}"), Gen.Int[0, Words.Length - 1].Select(i => Words[i]))
        .Array[0, 12]
        .Select(string.Concat);

    [Theory]
    [InlineData("plain words, as they are: ü 😀 │", "plain words, as they are: ü 😀 │")]
    [InlineData("one\r\ntwo\tthree\n", "one two three")]
    [InlineData("\u001b[2J\u0007", "\uFFFD[2J\uFFFD")]
    [InlineData("::error::x", ": :error: :x")]
    [InlineData("  ::warning::x", "  : :warning: :x")]
    [InlineData("in a::b", "in a::b")]
    [InlineData("x ##vso[task.complete]", "x # #vso[task.complete]")]
    [InlineData("##TeamCity[x]", "# #teamcity[x]")]
    [InlineData("evil\u202etxt", "evil\uFFFDtxt")]
    public void Line_shows_and_commands_nothing(string text, string expected) => Assert.Equal(expected, ForeignText.Line(text));

    [Fact]
    public void Line_of_anything_is_one_line_without_commands() => Evil.Sample(text =>
    {
        var line = ForeignText.Line(text);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.False(line.TrimStart().StartsWith("::", StringComparison.Ordinal));
        Assert.DoesNotMatch(@"(?i)##(\[|vso\[|teamcity\[)", line);
        Assert.Equal(line, ForeignText.Line(line));
    });

    [Fact]
    public void Block_keeps_lines_and_cleans_each() => Assert.Equal("a\n : :b\n│ c", ForeignText.Block("a\r\n ::b\n│ c\n\n"));
}
