using System.Text;
using CsCheck;
using FaultMatrix.Shared;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

public sealed class ScenarioFuzzTests
{
    private static readonly byte[] Own = File.ReadAllBytes(RepositoryFiles.Scenarios);

    private static readonly string[] Pieces =
    [
        "null",
        "1e999",
        "-1",
        "\"\"",
        "{}",
        "[]",
        "true",
        "\"\\ud800\"",
        "/*",
        ",",
        "}",
        "\n",
        "\"a\":",
        "[[[[",
    ];

    [Fact]
    public void Parse_a_damaged_file_either_reads_it_or_names_the_fault() =>
        Gen.Select(Gen.Int[0, Own.Length - 1], Gen.Int[0, 30], Gen.Int[0, Pieces.Length - 1]).Sample(
            (at, cut, piece) =>
            {
                byte[] damaged = [.. Own[..at], .. Encoding.UTF8.GetBytes(Pieces[piece]), .. Own[Math.Min(Own.Length, at + cut)..]];
                try
                {
                    Assert.NotNull(ScenarioFile.Parse(damaged, "/x/scenarios.json", RepositoryFiles.NoManifests).Profile);
                }
                catch (ScenarioFileException error)
                {
                    Assert.All(error.Diagnostics, finding => Assert.NotEmpty(finding.Message));
                }
            },
            iter: 2000);

    [Theory]
    [InlineData("agg-*", "agg-tp-1", true)]
    [InlineData("*-none", "agg-none", true)]
    [InlineData("a?c", "ABC", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*a*b*c*", "xxaxxbxxcxx", true)]
    [InlineData("*a*b*c", "xxaxxbxxcxx", false)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("**", "", true)]
    public void Glob_matches_whole_names(string pattern, string name, bool expected) => Assert.Equal(expected, Glob.Matches(pattern, name));

    [Fact]
    public void NearestName_finds_the_name_a_slip_away() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 11]).Sample((which, at) =>
        {
            string[] names = ["decode_worker", "prefill_worker", "frontend_proxy"];
            var slip = names[which].Remove(at, 1);
            Assert.Equal(names[which], NearestName.Of(slip, names));
        });
}
