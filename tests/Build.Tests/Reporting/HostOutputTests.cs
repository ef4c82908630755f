using System.Globalization;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;
using FaultMatrix.Build.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FaultMatrix.Build.Tests.Reporting;

public class HostOutputTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public static TheoryData<string, bool> HostsAndColours()
    {
        var data = new TheoryData<string, bool>();
        foreach (var host in new[] { HostNames.Terminal, HostNames.GitHub, HostNames.Azure, HostNames.TeamCity, HostNames.GitLab })
        {
            data.Add(host, false);
            data.Add(host, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(HostsAndColours))]
    public async Task Run_output_is_as_committed(string host, bool colour)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var console = new FrontConsole(output, colour, Time);
        var format = HostFormat.Of(host, Time);
        await using (var display = new PlainDisplay(console, format, parallel: true))
        {
            display.Line(Level.Information, "agg-none", "Deploy started");
            display.Line(Level.Information, "agg-frontend", "Deploy started");
            display.Line(Level.Error, "agg-frontend", "FT0601: no process matches");
            display.Line(Level.Information, "agg-none", "Deploy done");
            display.ScenarioEnded("agg-frontend", succeeded: false);
            display.ScenarioEnded("agg-none", succeeded: true);
        }

        var error = new FrontError("FT0201", "100% wrong: a, b;\n[c] 'd' | ü", "scenarios.json", 7);
        foreach (var line in new[] { format.Report(true, error), format.Report(false, error with { File = null }) }.OfType<string>())
        {
            console.Raw(line);
        }

        SummaryTable.WriteProblems(
            console,
            [
                new(true, "agg-frontend Inject", new FrontError("FT0601", "no process matches")),
                new(false, "", new FrontError("FT0703", "a log is cut")),
            ]
        );
        SummaryTable.Write(
            console,
            [
                new SummaryRow("Deploy", TargetStatus.Succeeded, TimeSpan.FromSeconds(75), "Scenarios: 2 of 2"),
                new SummaryRow("Inject", TargetStatus.Failed, TimeSpan.FromMinutes(10), "Scenarios: 1 of 2"),
                new SummaryRow("Collect", TargetStatus.Aborted, TimeSpan.FromMilliseconds(3)),
                new SummaryRow("Parse", TargetStatus.Skipped, null, "Skipped: by parameter"),
                new SummaryRow("AnExceptionallyLongName", TargetStatus.NotRun),
            ],
            TimeSpan.FromSeconds(3605), 1);
        foreach (var line in format.Artifacts("/r/summary.md", "/r"))
        {
            console.Raw(line);
        }

        Golden.Check($"run-{host}{(colour ? "-colour" : "")}.txt", output.ToString());
    }

    [Fact]
    public async Task Line_one_scenario_after_another_comes_at_once()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        await using var display = new PlainDisplay(
            new FrontConsole(output, false, Time),
            HostFormat.Of(HostNames.Terminal, Time),
            parallel: false
        );
        display.Line(Level.Information, "agg-none", "Deploy started");
        Assert.Equal("03:04:05 [INF] agg-none Deploy started\n", output.ToString());
    }

    [Theory]
    [InlineData("xterm", "", HostNames.Terminal, false, true)]
    [InlineData("xterm", "1", HostNames.Terminal, false, false)]
    [InlineData("dumb", "", HostNames.Terminal, false, false)]
    [InlineData("xterm", "", HostNames.Terminal, true, false)]
    [InlineData("", "", HostNames.GitHub, true, true)]
    [InlineData("", "1", HostNames.GitHub, true, false)]
    public void HasColour_follows_NO_COLOR_the_terminal_and_the_host(
        string term,
        string noColor,
        string host,
        bool redirected,
        bool expected
    ) =>
        Assert.Equal(
            expected,
            FrontConsole.HasColour(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["TERM"] = term, ["NO_COLOR"] = noColor },
                host,
                redirected
            )
        );

    [Theory]
    [InlineData(0.4, "< 1sec")]
    [InlineData(61, "1:01")]
    [InlineData(600, "10:00")]
    [InlineData(6000, "100:00")]
    public void Duration_is_minutes_and_seconds(double seconds, string expected) =>
        Assert.Equal(expected, SummaryTable.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void AppendWithin_long_text_stays_within_the_limit_and_says_so()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, new string('x', 500));
            RunSummary.AppendWithin(file, string.Concat(Enumerable.Repeat("| ü |\n", 200)), 1000);
            Assert.InRange(new FileInfo(file).Length, 900, 1000);
            Assert.EndsWith("summary.md._\n", File.ReadAllText(file), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
