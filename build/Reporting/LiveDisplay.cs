using System.Threading.Channels;
using FaultMatrix.Build.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultMatrix.Build.Reporting;

/// <summary>
/// A live table of the scenarios that run, drawn from a snapshot ten times a second; finished ones and errors scroll by above it.
/// </summary>
internal sealed class LiveDisplay : IRunDisplay
{
    private readonly FrontConsole console;
    private readonly IRunState state;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource stop = new();
    private readonly Task drawing;

    public LiveDisplay(FrontConsole console, IRunState state)
    {
        this.console = console;
        this.state = state;
        drawing = Task.Run(DrawAsync);
    }

    public void Line(Level level, string? scenario, string text)
    {
        // Phases stand in the table; only what a person must not miss is a line as well.
        if (level >= Level.Warning || (scenario is null && console.Shows(level)))
        {
            foreach (var line in ForeignText.Lines(text))
            {
                lines.Writer.TryWrite(console.Keep(console.Format(level, scenario is null ? line
                    : $"{scenario} {line}", console.Time.GetLocalNow())));
            }
        }
    }

    public void Waiting(string scenario, string text)
    {
        if (console.Shows(Level.Information))
        {
            lines.Writer.TryWrite(
                console.Keep(console.Format(Level.Information, $"{scenario} {ForeignText.Line(text)}", console.Time.GetLocalNow())));
        }
    }

    public void ScenarioEnded(string scenario, bool succeeded)
    {
        var progress = state.Snapshot().FirstOrDefault(s => s.Name == scenario)?.Progress;
        var counts = progress?.Ok is null ? "" : $", {progress.Ok} ok, {progress.Failed ?? 0} failed";
        lines.Writer.TryWrite(console.Keep(console.Format(
            succeeded ? Level.Information : Level.Error, $"{scenario} {(succeeded ? "done" : "failed")}{counts}",
                console.Time.GetLocalNow())));
    }

    public async ValueTask DisposeAsync()
    {
        lines.Writer.TryComplete();
        await stop.CancelAsync();
        await drawing;
        // Only where the drawing has failed is anything left.
        while (lines.Reader.TryRead(out var line))
        {
            console.Raw(line);
        }

        stop.Dispose();
    }

    internal static IRenderable Table(IReadOnlyList<ScenarioState> scenarios, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("Scenario", "Phase", "For", "Ok", "Failed", "Ok/s", "Failed/s", "Fault in", "Left", "Pods");
        foreach (var s in scenarios.Where(s => s.Started && !s.Finished))
        {
            var p = s.Progress;
            table.AddRow(
                Cell(s.Name), Cell(s.Phase), SummaryTable.Duration(now - s.Since), $"{p?.Ok}", p?.Failed > 0 ? $"[red]{p.Failed}[/]"
                    : $"{p?.Failed}",
                $"{p?.OkPerSecond:0.0}", $"{p?.FailedPerSecond:0.0}", Seconds(p?.SecondsToFault), Seconds(p?.RemainingSeconds),
                    Cell(p?.Pods ?? ""));
        }

        var finished = scenarios.Count(s => s.Finished);
        var failed = scenarios.Count(s => s is { Finished: true, Failed: true });
        table.Caption($"{finished} of {scenarios.Count} scenarios done{(failed > 0 ? $", {failed} failed" : "")}");
        return table;
    }

    private static string Cell(string text) => Markup.Escape(ForeignText.Line(text));

    private static string Seconds(double? seconds) => seconds is { } s ? SummaryTable.Duration(TimeSpan.FromSeconds(Math.Max(s, 0))) : "";

    // A table that cannot be drawn must not end the run: what is told goes on as lines.
    private async Task DrawAsync()
    {
        try
        {
            await DrawTableAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            console.Line(Level.Warning, $"The live table cannot be drawn any more: {e.Message}");
            await foreach (var line in lines.Reader.ReadAllAsync(CancellationToken.None))
            {
                console.Raw(line);
            }
        }
    }

    private async Task DrawTableAsync()
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings { ColorSystem = console.Colour ? ColorSystemSupport.Detect
            : ColorSystemSupport.NoColors });
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), console.Time);
        await ansi.Live(Table(state.Snapshot(), console.Time.GetUtcNow())).AutoClear(true).StartAsync(async live =>
        {
            while (!stop.IsCancellationRequested)
            {
                WriteLines(ansi);
                live.UpdateTarget(Table(state.Snapshot(), console.Time.GetUtcNow()));
                try
                {
                    await timer.WaitForNextTickAsync(stop.Token);
                }
                catch (OperationCanceledException)
                {
                    // The run has ended: the last lines are written below.
                }
            }

            WriteLines(ansi);
        });
    }

    private void WriteLines(IAnsiConsole ansi)
    {
        while (lines.Reader.TryRead(out var line))
        {
            ansi.Write(new ControlCodeLine(line));
        }
    }

    // Lines are coloured already; Spectre is to pass them through, yet keep its live region below them;
    // what stood on the line before is erased.
    private sealed class ControlCodeLine(string text) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [Segment.Control(text + "\u001b[K"), Segment.LineBreak];
    }
}
