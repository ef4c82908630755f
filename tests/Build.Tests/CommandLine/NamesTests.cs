using CsCheck;
using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Tests.Support;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Tests.CommandLine;

public class NamesTests
{
    private static readonly string[] Long = [.. Sut.Declarations.AllParameters.Where(p => p.Name.Length > 5).Select(p => p.Name)];

    [Theory]
    [InlineData("Namespace", "namespace")]
    [InlineData("ReadyTimeout", "ready-timeout")]
    [InlineData("MSBuildPath", "msbuild-path")]
    [InlineData("GitHubToken", "github-token")]
    public void Dashed_splits_camel_humps(string name, string dashed) => Assert.Equal(dashed, Names.Dashed(name));

    [Fact]
    public void Key_of_the_dashed_form_is_the_names_own()
    {
        foreach (var parameter in Sut.Declarations.AllParameters)
        {
            Assert.Equal(parameter.Key, Names.Key(Names.Dashed(parameter.Name)));
        }
    }

    [Fact]
    public void Nearest_one_slip_in_any_declared_name_finds_it() =>
        Gen.Select(Gen.Int[0, Long.Length - 1].Select(i => Long[i]), Gen.Int[0, 100], Gen.Int[0, 2]).Sample((name, at, kind) =>
        {
            var i = at % (name.Length - 1);
            var slip = kind switch
            {
                0 => name.Remove(i, 1),
                1 => name.Insert(i, "q"),
                _ => name[..i] + name[i + 1] + name[i] + name[(i + 2)..],
            };
            AssertNearest(slip, name);
        });

    [Theory]
    [InlineData("LoalImage", "LocalImage")] // "LoadImage" is one slip away as well
    [InlineData("Namepsace", "Namespace")]
    public void Nearest_one_slip_finds_what_is_as_near(string slip, string name) => AssertNearest(slip, name);

    [Fact]
    public void Distance_is_symmetric_and_zero_only_for_equals() =>
        Gen.Select(Gen.String[Gen.Char["abc"], 0, 6], Gen.String[Gen.Char["abc"], 0, 6]).Sample((a, b) =>
        {
            Assert.Equal(NearestName.Distance(a, b), NearestName.Distance(b, a));
            Assert.Equal(a == b, NearestName.Distance(a, b) == 0);
        });

    // One slip may turn a name into what is as near to another. Which of these is found is left to the order of names.
    private static void AssertNearest(string slip, string name)
    {
        var names = Sut.Declarations.AllParameters.Select(p => p.Name).ToList();
        var found = Nearest.Of(slip, names);

        int Away(string candidate) => NearestName.Distance(Names.Key(slip), Names.Key(candidate));
        Assert.NotNull(found);
        Assert.Equal(names.Min(Away), Away(found));
        if (names.Count(candidate => Away(candidate) <= Away(name)) == 1)
        {
            Assert.Equal(name, found);
        }
    }

    [Fact]
    public void Nearest_nothing_near_is_null() => Assert.Null(Nearest.Of("zzzzzzzz", ["Namespace", "Seed"]));
}
