using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Reporting;

/// <summary>
/// One line per event, for pipes and build servers. When scenarios run at the same time, a scenario's lines are kept until it ends
/// and written in one piece, so they never interleave.
/// </summary>
internal sealed class PlainDisplay(FrontConsole console, HostFormat format, bool parallel) : IRunDisplay
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _kept = new(StringComparer.Ordinal);
    private string? _open;

    public void Line(Level level, string? scenario, string text)
    {
        if (!console.Shows(level))
        {
            return;
        }

        foreach (var line in ForeignText.Lines(text))
        {
            Show(scenario, console.Format(level, scenario is null ? line : $"{scenario} {line}", console.Time.GetLocalNow()));
        }
    }

    // Not kept: who waits is to see for what.
    public void Waiting(string scenario, string text)
    {
        if (parallel)
        {
            console.Line(Level.Information, $"{scenario} {text}");
        }
        else
        {
            Line(Level.Information, scenario, text);
        }
    }

    private void Show(string? scenario, string line)
    {
        lock (_gate)
        {
            if (scenario is not null && parallel)
            {
                if (!_kept.TryGetValue(scenario, out var lines))
                {
                    _kept[scenario] = lines = [];
                }

                lines.Add(line);
                return;
            }

            if (scenario is not null && scenario != _open)
            {
                CloseBlock();
                if (format.Open(scenario) is { } opening)
                {
                    console.Raw(opening);
                }

                _open = scenario;
            }

            console.Raw(line);
        }
    }

    public void ScenarioEnded(string scenario, bool succeeded)
    {
        lock (_gate)
        {
            if (_kept.Remove(scenario, out var lines))
            {
                Write(scenario, lines);
            }
            else if (_open == scenario)
            {
                CloseBlock();
            }

            if (parallel)
            {
                console.Line(Level.Information, $"{scenario} {(succeeded ? "done" : "failed")}");
            }
        }
    }

    /// <summary>Writes what scenarios that never ended have left.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            foreach (var (scenario, lines) in _kept)
            {
                Write(scenario, lines);
            }

            _kept.Clear();
            CloseBlock();
        }

        return ValueTask.CompletedTask;
    }

    private void Write(string scenario, List<string> lines)
    {
        if (format.Open(scenario) is { } opening)
        {
            console.Raw(opening);
        }

        lines.ForEach(console.Raw);
        if (format.Close(scenario) is { } closing)
        {
            console.Raw(closing);
        }
    }

    private void CloseBlock()
    {
        if (_open is not null && format.Close(_open) is { } closing)
        {
            console.Raw(closing);
        }

        _open = null;
    }
}
