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
    private readonly FrontConsole _console;
    private readonly IRunState _state;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _drawing;

    public LiveDisplay(FrontConsole console, IRunState state)
    {
        this._console = console;
        this._state = state;
        _drawing = Task.Run(DrawAsync);
    }

    public void Line(Level level, string? scenario, string text)
    {
        // Phases stand in the table; only what a person must not miss is a line as well.
        if (level >= Level.Warning || (scenario is null && _console.Shows(level)))
        {
            foreach (var line in ForeignText.Lines(text))
            {
                _lines.Writer.TryWrite(_console.Keep(_console.Format(level, scenario is null ? line
                    : $"{scenario} {line}", _console.Time.GetLocalNow())));
            }
        }
    }

    public void Waiting(string scenario, string text)
    {
        if (_console.Shows(Level.Information))
        {
            _lines.Writer.TryWrite(
                _console.Keep(_console.Format(Level.Information, $"{scenario} {ForeignText.Line(text)}", _console.Time.GetLocalNow())));
        }
    }

    public void ScenarioEnded(string scenario, bool succeeded)
    {
        var progress = _state.Snapshot().FirstOrDefault(s => s.Name == scenario)?.Progress;
        var counts = progress?.Ok is null ? "" : $", {progress.Ok} ok, {progress.Failed ?? 0} failed";
        _lines.Writer.TryWrite(_console.Keep(_console.Format(
            succeeded ? Level.Information : Level.Error, $"{scenario} {(succeeded ? "done" : "failed")}{counts}",
                _console.Time.GetLocalNow())));
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _stop.CancelAsync();
        await _drawing;
        // Only where the drawing has failed is anything left.
        while (_lines.Reader.TryRead(out var line))
        {
            _console.Raw(line);
        }

        _stop.Dispose();
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
            _console.Line(Level.Warning, $"The live table cannot be drawn any more: {e.Message}");
            await foreach (var line in _lines.Reader.ReadAllAsync(CancellationToken.None))
            {
                _console.Raw(line);
            }
        }
    }

    private async Task DrawTableAsync()
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings { ColorSystem = _console.Colour ? ColorSystemSupport.Detect
            : ColorSystemSupport.NoColors });
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), _console.Time);
        await ansi.Live(Table(_state.Snapshot(), _console.Time.GetUtcNow())).AutoClear(true).StartAsync(async live =>
        {
            while (!_stop.IsCancellationRequested)
            {
                WriteLines(ansi);
                live.UpdateTarget(Table(_state.Snapshot(), _console.Time.GetUtcNow()));
                try
                {
                    await timer.WaitForNextTickAsync(_stop.Token);
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
        while (_lines.Reader.TryRead(out var line))
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
