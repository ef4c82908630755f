using FaultTolerance.Reports.Page;
using FaultTolerance.Reports.Page.Sections;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Tests.Reports.Page;

public sealed class WordsTests
{
    [Fact]
    public void Count_of_thousands_does_not_break_over_lines() => Assert.Equal("1\u202f000\u202f000", Words.Count(1_000_000));

    [Fact]
    public void Title_and_meaning_are_there_for_every_recovery_definition() =>
        Assert.All(RecoveryDefinitions.All, definition => Assert.NotEqual(definition.Id, Numbers.Title(definition.Id)));
}
