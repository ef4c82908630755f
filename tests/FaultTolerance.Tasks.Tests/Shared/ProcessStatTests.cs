using FaultMatrix.Shared;

namespace FaultTolerance.Tests.Shared;

public sealed class ProcessStatTests
{
    private const string Rest = " 7 42 40 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 987654 0 0";

    [Fact]
    public void Parse_takes_what_stands_behind_the_names_last_parenthesis() =>
        Assert.Equal(new ProcessStat('S', 7, 40, "987654"), ProcessStat.Parse("12 (a) Z (b) S" + Rest));

    [Theory]
    [InlineData("")]
    [InlineData("12 (a)")]
    [InlineData("12 (a) S 7")]
    public void Parse_of_a_line_that_is_cut_off_is_nothing(string line) => Assert.Null(ProcessStat.Parse(line));

    [Theory]
    [InlineData('S', false)]
    [InlineData('Z', true)]
    [InlineData('X', true)]
    public void Ended_is_what_only_its_parent_waits_for(char state, bool ended) =>
        Assert.Equal(ended, ProcessStat.Parse($"12 (a) {state}{Rest}")!.Value.HasEnded);

    [Fact]
    public void Read_of_a_process_that_is_not_there_is_nothing() => Assert.Null(ProcessStat.Read(int.MaxValue));
}
