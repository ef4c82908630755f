using System.Globalization;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;
using FaultMatrix.Build.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using LiveDisplay = FaultMatrix.Build.Reporting.LiveDisplay;

namespace FaultMatrix.Build.Tests.Reporting;

/// <summary>Each way of a text of somebody else's to a terminal or a build server: it is shown, and gives no orders.</summary>
public sealed class ForeignWordsTests : IDisposable
{
    private const string Evil = "said\r\n::error::b\u001b[31m\u2028##vso[task.complete]\u202ex\u0085y\n##[error]z\n##teamcity[x]";
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly string _folder = Directory.CreateTempSubdirectory("foreign-").FullName;

    public void Dispose()
    {
        _output.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string> Hosts =>
        [HostNames.Terminal, HostNames.GitHub, HostNames.Azure, HostNames.TeamCity, HostNames.GitLab];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Lines_of_a_display(string host)
    {
        foreach (var parallel in new[] { false, true })
        {
            await using var display = new PlainDisplay(Console(), HostFormat.Of(host, Time), parallel);
            display.Line(Level.Error, "agg-none", Evil);
            display.Line(Level.Information, null, Evil);
            display.Waiting("agg-none", Evil);
            display.ScenarioEnded("agg-none", succeeded: false);
        }

        Check(host);
    }

    [Fact]
    public async Task Lines_of_the_live_display()
    {
        // The table has its cells drawn by Spectre, on terminals only, which obey control characters; lines above it go the way of the log.
        var pods = new ProgressEvent("agg-none", "Deploy", "started", "") { Pods = Evil };
        AnsiConsole
            .Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output), Ansi = AnsiSupport.No })
            .Write(LiveDisplay.Table([new ScenarioState(Evil) { Started = true, Phase = Evil, Progress = pods }], Time.GetUtcNow()));
        Assert.DoesNotContain(_output.ToString(), c => c != '\n' && (char.IsControl(c) || c is '\u2028' or '\u202e'));
        _output.GetStringBuilder().Clear();
        using var log = BuildLog.Open(_folder, Time);
        var console = Console();
        console.Log = log;
        console.Line(Level.Error, Evil);
        console.Keep(console.Format(Level.Error, Evil, Time.GetUtcNow()));
        log!.Dispose();
        Assert.DoesNotContain(
            await File.ReadAllTextAsync(Path.Combine(_folder, "build.log"), TestContext.Current.CancellationToken),
            c => c != '\n' && char.IsControl(c)
        );
        Check(HostNames.Terminal);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Log_commands_for_errors(string host)
    {
        var format = HostFormat.Of(host, Time);
        foreach (var error in new[] { new FrontError("FT0404", Evil), new FrontError("FT0404", Evil, Evil, 3) })
        {
            if (format.Report(true, error) is { } line)
            {
                Assert.DoesNotContain(line, char.IsControl);
                _output.Write(line + "\n");
            }
        }

        Check(host);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Log_commands_for_files(string host)
    {
        foreach (var line in HostFormat.Of(host, Time).Artifacts($"/r/{Evil}/summary.md", $"/r/{Evil}"))
        {
            _output.Write(line + "\n");
        }

        Check(host);
        Assert.DoesNotContain("said", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Tables_errors_and_summaries(string host)
    {
        var console = Console();
        console.Error(new FrontError("FT0404", Evil));
        SummaryTable.WriteProblems(console, [new RunProblem(true, Evil, new FrontError("FT0404", Evil, Evil, 3))]);
        console.Line(Level.Warning, Evil);
        console.Raw(ForeignText.Block(Evil));

        Check(host);
    }

    [Fact]
    public async Task What_is_waited_for_is_shown_at_once_though_scenarios_run_at_the_same_time()
    {
        var tracker = new RunTracker(Sut.Declarations, Time);
        await using var display = new PlainDisplay(Console(), HostFormat.Of(HostNames.Terminal, Time), parallel: true);
        using var listening = tracker.Listen(display);

        tracker.Progress(new ProgressEvent("agg-none", "Deploy", "started", ""));
        tracker.Progress(new ProgressEvent("agg-none", "Deploy", RunTracker.Waiting, "waiting for the model to answer, 10 s so far"));

        Assert.Equal("03:04:05 [INF] agg-none Deploy waiting for the model to answer, 10 s so far\n", _output.ToString());
    }

    private FrontConsole Console() => new(_output, false, Time);

    // GitLab's own section marks begin with an escape; the rest of a line is as everywhere.
    private void Check(string host)
    {
        foreach (var raw in _output.ToString().Split('\n'))
        {
            var line = host == HostNames.GitLab ? raw.Replace("\u001b[0K", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal) : raw;
            Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u2028' or '\u202e');
            var own = host switch
            {
                HostNames.GitHub => line.StartsWith("::group::agg-none", StringComparison.Ordinal)
                    || line.StartsWith("::endgroup::", StringComparison.Ordinal) || line.StartsWith("::error ", StringComparison.Ordinal),
                HostNames.Azure => line.StartsWith("##[group]agg-none", StringComparison.Ordinal)
                    || line.StartsWith("##[endgroup]", StringComparison.Ordinal) || line.StartsWith("##vso[task.logissue ", StringComparison.Ordinal),
                HostNames.TeamCity => line.StartsWith("##teamcity[block", StringComparison.Ordinal)
                    || line.StartsWith("##teamcity[message ", StringComparison.Ordinal),
                _ => false,
            };
            var rest = own ? line[2..] : line;
            Assert.False(!own && rest.TrimStart().StartsWith("::", StringComparison.Ordinal), line);
            Assert.DoesNotMatch(@"(?i)##(\[|vso\[|teamcity\[)", rest);
        }
    }
}
