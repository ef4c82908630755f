using System.Globalization;
using System.Text.RegularExpressions;

namespace FaultMatrix.Build.Commands;

/// <summary>A test that failed.</summary>
/// <param name="Project">The program it is in.</param>
/// <param name="Method">Its full name, without arguments.</param>
/// <param name="Reason">The line that says most about why.</param>
internal sealed record FailedTest(string Project, string Method, string Reason)
{
    /// <summary>The class it is in; the name itself where it has no dot.</summary>
    public string Class => Method.LastIndexOf('.') is > 0 and var dot ? Method[..dot] : Method;

    /// <inheritdoc/>
    public override string ToString() => $"{Project}: {Method}: {Reason}";
}

/// <summary>What became of the tests of one program, or of several.</summary>
/// <param name="Passed">Tests that passed, those included that did so at their second attempt.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that were not run.</param>
/// <param name="Failures">The failed tests; not more than <paramref name="Failed"/>, and fewer where a program ended before it named
/// them.</param>
/// <param name="Unsteady">Tests that failed and then passed.</param>
internal sealed partial record TestTally(int Passed, int Failed, int Skipped, IReadOnlyList<FailedTest> Failures,
    IReadOnlyList<FailedTest> Unsteady)
{
    // Where tests of more classes fail, it is no machine's mood. Classes are counted, since the tests of one often look at one run.
    private const int MostClassesForAnotherAttempt = 4;
    private const string WholeProgram = "the program";

    // What the tests say that begin nothing more, in tests/EndToEnd/Support/TestTime.cs.
    private const string TimeIsOver = "FAULTMATRIX_TESTS_UNTIL has come";

    /// <summary>No test at all.</summary>
    public static TestTally Nothing { get; } = new(0, 0, 0, [], []);

    /// <summary>Tests were left out since the time for tests was over.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>Tests of a few classes failed, each known by its name.</summary>
    public bool WorthAnotherAttempt => Failed > 0 && Failures.Count == Failed && Failures.All(f => f.Method != WholeProgram)
        && Failures.Select(f => f.Class).Distinct(StringComparer.Ordinal).Count() <= MostClassesForAnotherAttempt;

    /// <summary>Reads the output of a test program; one that ended badly without counting a failure counts as one.</summary>
    public static TestTally Of(string project, ProgramResult run)
    {
        int Number(string name) => CountLine().Matches(run.Output).LastOrDefault(m => m.Groups["name"].Value == name) is { } m
            ? int.Parse(m.Groups["count"].Value, CultureInfo.InvariantCulture) : 0;
        var failures = FailedTests().Matches(run.Output).Select(m =>
            new FailedTest(project, m.Groups["method"].Value, ReasonIn(m.Groups["text"].Value))).ToList();
        var tally = new TestTally(Number("succeeded"), Number("failed"), Number("skipped"), failures, [])
        {
            IsCutShort = run.Output.Contains(TimeIsOver, StringComparison.Ordinal),
        };
        // 8: no test in it.
        return run.ExitCode is 0 or 8 || tally.Failed > 0
            ? tally
            : tally with { Failed = 1,
                Failures = [new(project, WholeProgram, $"ended with exit code {run.ExitCode}: {Last(run.Output)}")] };
    }

    /// <summary>This, after its failed tests were run again.</summary>
    public TestTally After(TestTally second)
    {
        var unsteady = Failures.Where(f => second.Failures.All(s => s.Method != f.Method)).ToList();
        // A program that ran none of them, or not all, or ended badly, proves nothing.
        return second.Passed == 0 || second.IsCutShort || second.Failed > second.Failures.Count
            || second.Failures.Any(s => Failures.All(f => f.Method != s.Method))
            ? this
            : this with { Passed = Passed + unsteady.Count, Failed = Failed - unsteady.Count, Failures = [.. Failures.Except(unsteady)],
                Unsteady = unsteady };
    }

    /// <summary>This, with tests that passed at their second attempt counted as failed all the same.</summary>
    /// <param name="tests">Some of <see cref="Unsteady"/>.</param>
    /// <param name="why">Put before what they said at their first attempt.</param>
    public TestTally WithFailed(IReadOnlyList<FailedTest> tests, string why) => this with
    {
        Passed = Passed - tests.Count,
        Failed = Failed + tests.Count,
        Failures = [.. Failures, .. tests.Select(t => t with { Reason = $"{why}; {t.Reason}" })],
        Unsteady = [.. Unsteady.Except(tests)],
    };

    /// <summary>Both together.</summary>
    public static TestTally operator +(TestTally a, TestTally b) =>
        new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped, [.. a.Failures, .. b.Failures],
            [.. a.Unsteady, .. b.Unsteady]);

    // A test of a whole run fails with that run's output: its error says more than its logo.
    private static string ReasonIn(string text)
    {
        var lines = text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).ToList();
        return lines.Find(l => SaysWhy().IsMatch(l)) ?? lines.FirstOrDefault() ?? "no reason given";
    }

    private static string Last(string output) =>
        output.Split('\n').LastOrDefault(l => l.Trim().Length > 0)?.Trim() ?? "it said nothing";

    [GeneratedRegex(@"^\s*(?<name>succeeded|failed|skipped): (?<count>\d+)", RegexOptions.Multiline, 1000)]
    private static partial Regex CountLine();

    [GeneratedRegex(@"^failed (?<method>[\w.+`]+)[^\n]*\n(?<text>(?:[ \t][^\n]*\n|\n)*)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex FailedTests();

    [GeneratedRegex(@"error FT\d|\[ERR\]|^Assert\.|Exception", RegexOptions.None, 1000)]
    private static partial Regex SaysWhy();
}
