using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// Builds once, runs the test programs two at a time, those that measure alone after the others, and ends with one plain line that counts.
/// </summary>
internal sealed class TestCommand(string root, FrontOutput output) : IFrontCommand
{
    private const int AtOnce = 2;

    // The slowest takes half of it; a test that waits for ever must not hold up the others, nor whoever waits for the result.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(50);
    private static readonly string[] Quiet = ["--no-ansi", "--no-progress"];
    private readonly string _reports = Path.Combine(root, "artifacts", "tests");

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.Console.Line(Level.Information, "Building all projects.");
        var build = await ProgramRun.RunAsync(ProgramRun.Dotnet,
            ["build", "FaultMatrix.slnx", "-c", "Release", "-nologo", "-v:q", "-nodeReuse:false", "--tl:off"], root, cancellationToken);
        if (build.ExitCode != 0)
        {
            output.Console.Raw(ForeignText.Block(build.Output));
            return ExitCodes.NotMeasured;
        }

        var projects = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Select(TestProject.Read).OfType<TestProject>().OrderBy(p => p.Name, StringComparer.Ordinal).ToLookup(p => p.RunsAlone);
        TestTally[] tallies = [.. await RunAsync([.. projects[false]], AtOnce, cancellationToken),
            .. await RunAsync([.. projects[true]], 1, cancellationToken)];
        var tally = await new SecondTries(SecondTries.Below(root)).JudgeAsync(tallies.Aggregate(TestTally.Nothing, (a, b) => a + b),
            cancellationToken);
        // At the very end, where whoever sees only the end of a log finds them.
        foreach (var test in tally.Unsteady)
        {
            output.Console.Line(Level.Warning, $"failed once and passed when it was run again: {test}");
        }

        foreach (var test in tally.Failures)
        {
            output.Console.Line(Level.Error, $"failed: {test}");
        }

        output.Console.Raw($"{tally.Passed} passed, {tally.Failed} failed" + (tally.Skipped > 0 ? $", {tally.Skipped} skipped" : ""));
        return tally.Failed == 0 ? ExitCodes.Success : ExitCodes.NotMeasured;
    }

    private async Task<IEnumerable<TestTally>> RunAsync(IReadOnlyList<TestProject> projects, int atOnce,
        CancellationToken cancellationToken)
    {
        var tallies = new TestTally[projects.Count];
        var gate = new Lock();
        await Parallel.ForEachAsync(projects.Index(), new ParallelOptions { MaxDegreeOfParallelism = atOnce,
            CancellationToken = cancellationToken }, async (item, token) =>
        {
            var project = item.Item;
            lock (gate)
            {
                output.Console.Line(Level.Information, $"{project.Name} started.");
            }

            var started = output.Console.Time.GetTimestamp();
            var program = Path.Combine(root, "artifacts", "bin", project.Name, "release", project.Name);
            Task<ProgramResult> StartAsync(IReadOnlyList<string> arguments)
            {
                var (command, all) = project.Command(program, arguments, Environment.GetEnvironmentVariable);
                return ProgramRun.RunAsync(command, all, root, Longest, output.Console.Time, token);
            }

            List<ProgramResult> runs = [await StartAsync([.. Quiet, .. SlowTests.Arguments(_reports, project.Name)])];
            var tally = TestTally.Of(project.Name, runs[0]);
            if (project.RealProcesses && tally.WorthAnotherAttempt)
            {
                runs.Add(await StartAsync([.. Quiet, "--filter-method", .. tally.Failures.Select(f => f.Method)
                    .Distinct(StringComparer.Ordinal)]));
                tally = tally.After(TestTally.Of(project.Name, runs[1]));
            }

            tallies[item.Index] = tally;
            lock (gate)
            {
                Report(project.Name, tally, runs, output.Console.Time.GetElapsedTime(started));
            }
        });
        return tallies;
    }

    private void Report(string project, TestTally tally, List<ProgramResult> runs, TimeSpan duration)
    {
        if (output.Format.Open(project) is { } opening)
        {
            output.Console.Raw(opening);
        }

        if (tally.Failed > 0 || tally.Unsteady.Count > 0 || output.Console.Verbosity == Verbosity.Verbose)
        {
            foreach (var run in runs)
            {
                output.Console.Raw(ForeignText.Block(run.Output));
            }
        }

        output.Console.Line(tally.Failed > 0 ? Level.Error : Level.Information,
            $"{project}: {tally.Passed} passed, {tally.Failed} failed, {tally.Skipped} skipped ({SummaryTable.Duration(duration)})");
        if (SlowTests.Of(_reports, project) is { Length: > 0 } slow)
        {
            output.Console.Line(Level.Information, $"  longest: {slow}");
        }

        if (output.Format.Close(project) is { } closing)
        {
            output.Console.Raw(closing);
        }
    }
}
