using FaultMatrix.Build.Commands;

namespace FaultMatrix.Build.Tests.Commands;

/// <summary>What is read from a test program's output, and what a second attempt changes.</summary>
public sealed class TestTallyTests
{
    private const string Two = """
        failed Some.Room.ThingTests.Act_on_a_thing(words: "a b", count: 2) (2s 340ms)
          error FT0308: the cluster has no namespace 'ft'

            at Some.Room.ThingTests.Act_on_a_thing(String words) in ThingTests.cs:25

        failed Some.Room.OtherTests.Run_of_a_whole_row (5m 46s 726ms)

          a logo
          07:00:00 [ERR] the row is invalid
          Assert.Equal() Failure: Values differ

        Test run summary: Failed! - Some.dll
          total: 5
          failed: 2
          succeeded: 2
          skipped: 1
          duration: 1s

        """;

    [Theory]
    [InlineData(0, "total: 5\n  failed: 0\n  succeeded: 4\n  skipped: 1\n", 4, 0, 1)]
    [InlineData(2, "  total: 5\n  failed: 2\n  succeeded: 3\n  skipped: 0\n", 3, 2, 0)]
    [InlineData(134, "crashed", 0, 1, 0)]
    [InlineData(8, "  total: 0\n", 0, 0, 0)]
    public void Of_reads_the_closing_lines_of_a_test_program(int exitCode, string output, int passed, int failed, int skipped)
    {
        var tally = TestTally.Of("Some", new ProgramResult(exitCode, output));

        Assert.Equal((passed, failed, skipped), (tally.Passed, tally.Failed, tally.Skipped));
    }

    [Fact]
    public void Of_names_each_failed_test_with_its_reason() => Assert.Equal(
        [
            "Some: Some.Room.ThingTests.Act_on_a_thing: error FT0308: the cluster has no namespace 'ft'",
            "Some: Some.Room.OtherTests.Run_of_a_whole_row: 07:00:00 [ERR] the row is invalid",
        ],
        First.Failures.Select(f => f.ToString()));

    [Fact]
    public void After_a_second_attempt_that_passed_counts_it_and_says_so()
    {
        var tally = First.After(Second("  failed: 0\n  succeeded: 2\n"));

        Assert.Equal((4, 0, 1), (tally.Passed, tally.Failed, tally.Skipped));
        Assert.Empty(tally.Failures);
        Assert.Equal(First.Failures, tally.Unsteady);
    }

    [Fact]
    public void After_a_second_attempt_that_failed_again_leaves_it_failed()
    {
        var tally = First.After(
            Second(
                "failed Some.Room.OtherTests.Run_of_a_whole_row (1s)\n  Assert.True() Failure\n\n  failed: 1\n  succeeded: 1\n",
                exitCode: 2
            )
        );

        Assert.Equal((3, 1), (tally.Passed, tally.Failed));
        Assert.Equal("Some.Room.OtherTests.Run_of_a_whole_row", Assert.Single(tally.Failures).Method);
        Assert.Equal("Some.Room.ThingTests.Act_on_a_thing", Assert.Single(tally.Unsteady).Method);
    }

    [Theory]
    [InlineData("", 134)]
    [InlineData("  total: 0\n", 8)]
    [InlineData("  failed: 1\n  succeeded: 1\n", 2)]
    [InlineData("skipped A.B (0ms)\n  FAULTMATRIX_TESTS_UNTIL has come\n  failed: 0\n  succeeded: 1\n  skipped: 1\n", 0)]
    public void After_a_second_attempt_that_proves_nothing_is_as_before(string output, int exitCode) =>
        Assert.Equal(First, First.After(Second(output, exitCode)));

    [Theory]
    [InlineData("  failed: 0\n  succeeded: 1\n", 0, false)]
    [InlineData(Two, 2, true)]
    [InlineData("  failed: 4\n", 2, false)]
    [InlineData("crashed", 134, false)]
    public void WorthAnotherAttempt_when_few_failed_and_each_has_a_name(string output, int exitCode, bool expected) =>
        Assert.Equal(expected, Second(output, exitCode).WorthAnotherAttempt);

    [Theory]
    [InlineData(1, 30, true)]
    [InlineData(4, 2, true)]
    [InlineData(5, 1, false)]
    public void WorthAnotherAttempt_counts_classes_since_tests_of_one_look_at_one_run(int classes, int ofEach, bool expected)
    {
        const string Reason = "  Assert.True() Failure\n\n";
        var failed = string.Concat(Enumerable.Range(0, classes).SelectMany(number =>
            Enumerable.Repeat($"failed Some.Room.Thing{number}Tests.Row_is_measured(row: \"a.b\") (1ms)\n{Reason}", ofEach)));

        Assert.Equal(expected, Second($"{failed}  failed: {classes * ofEach}\n", 2).WorthAnotherAttempt);
    }

    private static readonly TestTally First = TestTally.Of("Some", new ProgramResult(2, Two));

    private static TestTally Second(string output, int exitCode = 0) => TestTally.Of("Some", new ProgramResult(exitCode, output));
}
