using CsCheck;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.CommandLine;

namespace FaultMatrix.Build.Tests.CommandLine;

public class CommandLineParserTests
{
    private static readonly Gen<string> Name = Gen.Char["abcdefghXYZ"].Array[1, 8].Select(c => new string(c));
    private static readonly Gen<string> Word = Gen.Char["abc *%\"';=/._"].Array[1, 8].Select(c => new string(c));

    [Fact]
    public void Parse_any_words_keeps_every_word_in_its_place() =>
        Gen.Select(Name.Array[0, 4], Gen.Select(Name, Gen.Int[1, 4], Word.Array[0, 3]).Array[0, 4]).Sample((targets, arguments) =>
        {
            var words = targets.Concat(arguments.SelectMany(a => new[] { new string('-', a.Item2) + a.Item1 }.Concat(a.Item3))).ToList();

            var parsed = CommandLineParser.Parse(words);

            Assert.Equal(targets, parsed.Targets);
            Assert.Equal(arguments.Select(a => Names.Key(a.Item1)), parsed.Arguments.Select(a => a.Key));
            Assert.Equal(arguments.Select(a => a.Item3), parsed.Arguments.Select(a => a.Values));
        });

    [Fact]
    public void Parse_value_after_equals_is_kept_whatever_it_holds() =>
        Gen.Select(Name, Gen.Char["-=ab *%"].Array[0, 8]).Sample((name, value) =>
        {
            var parsed = CommandLineParser.Parse([$"--{name}={new string(value)}"]);
            Assert.Equal([new string(value)], parsed.Find(name)!.Values);
        });

    [Theory]
    [InlineData("-namespace")]
    [InlineData("--name-space")]
    [InlineData("---NAMESPACE")]
    public void Find_any_dashes_and_case_is_the_same_parameter(string word) =>
        Assert.Equal(["x"], CommandLineParser.Parse([word, "x"]).Find("Namespace")!.Values);

    [Fact]
    public void Find_several_occurrences_the_last_wins() =>
        Assert.Equal(["2"], CommandLineParser.Parse(["--seed", "1", "--seed", "2"]).Find("seed")!.Values);

    [Fact]
    public void Parse_double_dash_makes_the_rest_targets() =>
        Assert.Equal(["Load", "Inject"], CommandLineParser.Parse(["--help", "--", "Load", "Inject"]).Targets);

    [Fact]
    public void Parse_plus_in_one_word_splits() => Assert.Equal(["Load", "Inject"], CommandLineParser.Parse(["Load+Inject"]).Targets);

    [Fact]
    public void Parse_plus_beside_other_words_is_refused() =>
        Assert.Equal("FT0105", Assert.Throws<FrontException>(() => CommandLineParser.Parse(["Load+Inject", "Parse"])).Errors[0].Code);

    [Fact]
    public void Mark_takes_the_words_after_it_as_its_text()
    {
        var parsed = CommandLineParser.Parse(["Mark", "the cable", "is out", "--run", "r"]);

        Assert.Equal(["Mark"], parsed.Targets);
        Assert.Equal("the cable is out", Assert.Single(parsed.Arguments, argument => argument.Key == "text").Values[0]);
        Assert.Equal("r", Assert.Single(parsed.Arguments, argument => argument.Key == "run").Values[0]);
    }
}
