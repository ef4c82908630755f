using FaultTolerance.Reports.Page;

namespace FaultTolerance.Tests.Reports.Page;

public sealed class WordsTests
{
    [Fact]
    public void Count_of_thousands_does_not_break_over_lines() => Assert.Equal("1\u202f000\u202f000", Words.Count(1_000_000));
}
