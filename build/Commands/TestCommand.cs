using System.Globalization;
using System.Text.RegularExpressions;
using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// Builds once, runs the test programs two at a time, those that measure alone after the others, and ends with one plain line that counts.
/// </summary>
internal sealed partial class TestCommand : IFrontCommand
{
    private const int AtOnce = 2;

    public async Task<int> RunAsync(FrontContext context, CancellationToken cancellationToken)
    {
        context.Console.Line(Level.Information, "Building all projects.");
        var build = await ProgramRun.RunAsync(ProgramRun.Dotnet, ["build", "FaultMatrix.slnx", "-c", "Release", "-nologo", "-v:q", "-nodeReuse:false", "--tl:off"], context.Root, cancellationToken);
        if (build.ExitCode != 0)
        {
            context.Console.Raw(build.Output.TrimEnd());
            return ExitCodes.NotMeasured;
        }

        var projects = Directory.EnumerateFiles(Path.Combine(context.Root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Select(f => (Name: Path.GetFileNameWithoutExtension(f), Text: File.ReadAllText(f)))
            .Where(p => p.Text.Contains("<ProjectType>Test</ProjectType>", StringComparison.Ordinal)).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        var alone = projects.ToLookup(p => p.Text.Contains("<RunsAlone>true</RunsAlone>", StringComparison.Ordinal), p => p.Name);
        var counts = await RunAsync(context, [.. alone[false]], AtOnce, cancellationToken) + await RunAsync(context, [.. alone[true]], 1, cancellationToken);
        context.Console.Raw($"{counts.Passed} passed, {counts.Failed} failed" + (counts.Skipped > 0 ? $", {counts.Skipped} skipped" : ""));
        return counts.Failed == 0 ? ExitCodes.Success : ExitCodes.NotMeasured;
    }

    private static async Task<TestCounts> RunAsync(FrontContext context, IReadOnlyList<string> projects, int atOnce, CancellationToken cancellationToken)
    {
        var counts = new TestCounts(0, 0, 0);
        var gate = new Lock();
        await Parallel.ForEachAsync(projects, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, async (project, token) =>
        {
            lock (gate)
            {
                context.Console.Line(Level.Information, $"{project} started.");
            }

            var started = context.Time.GetTimestamp();
            var run = await ProgramRun.RunAsync(Path.Combine(context.Root, "artifacts", "bin", project, "release", project), ["--no-ansi", "--no-progress"], context.Root, token);
            lock (gate)
            {
                counts += Report(context, project, run, context.Time.GetElapsedTime(started));
            }
        });
        return counts;
    }

    /// <summary>Counts from the closing lines of a test program; one that ended badly without counting a failure counts as one.</summary>
    internal static TestCounts Count(ProgramResult run)
    {
        int Number(string name) => CountLine().Matches(run.Output).LastOrDefault(m => m.Groups["name"].Value == name) is { } m
            ? int.Parse(m.Groups["count"].Value, CultureInfo.InvariantCulture) : 0;
        var counts = new TestCounts(Number("succeeded"), Number("failed"), Number("skipped"));
        // 8: no test in it.
        return run.ExitCode is 0 or 8 || counts.Failed > 0 ? counts : counts with { Failed = 1 };
    }

    private static TestCounts Report(FrontContext context, string project, ProgramResult run, TimeSpan duration)
    {
        var counts = Count(run);
        if (context.Format.Open(project) is { } opening)
        {
            context.Console.Raw(opening);
        }

        if (counts.Failed > 0 || context.Console.Verbosity == Verbosity.Verbose)
        {
            context.Console.Raw(run.Output.TrimEnd());
        }

        context.Console.Line(counts.Failed > 0 ? Level.Error : Level.Information, $"{project}: {counts.Passed} passed, {counts.Failed} failed, {counts.Skipped} skipped ({SummaryTable.Duration(duration)})");
        if (context.Format.Close(project) is { } closing)
        {
            context.Console.Raw(closing);
        }

        return counts;
    }

    [GeneratedRegex(@"^\s*(?<name>succeeded|failed|skipped): (?<count>\d+)", RegexOptions.Multiline, 1000)]
    private static partial Regex CountLine();
}

/// <summary>How many tests ended how.</summary>
internal sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    public static TestCounts operator +(TestCounts a, TestCounts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);
}
