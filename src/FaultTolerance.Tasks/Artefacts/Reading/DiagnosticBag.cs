using System.Collections.Immutable;

namespace FaultTolerance.Artefacts.Reading;

/// <summary>Findings about one file or folder; the lines of a broken file are named up to a limit, and the rest counted.</summary>
internal sealed class DiagnosticBag(string file)
{
    private const int Shown = 10;
    private readonly List<Diagnostic> _items = [];
    private int _broken;
    private int _lastBroken;

    /// <summary>Lines that could not be used.</summary>
    public int BrokenLines => _broken;

    /// <summary>Adds a finding.</summary>
    public void Add(string code, Severity severity, string message, int line = 0) =>
        _items.Add(new Diagnostic(code, severity, message) { File = file, Line = line });

    /// <summary>Adds the findings of another bag, which name their own file.</summary>
    public void Add(DiagnosticBag other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _items.AddRange(other.ToImmutable());
    }

    /// <summary>Counts a line that cannot be read; the first few are told one by one.</summary>
    public void BrokenLine(int line, string why)
    {
        _lastBroken = line;
        if (++_broken <= Shown)
        {
            Add(ParseCodes.BrokenLine, Severity.Warning, $"line left out: {why}", line);
        }
    }

    /// <summary>All findings.</summary>
    public ImmutableArray<Diagnostic> ToImmutable()
    {
        if (_broken > Shown)
        {
            Add(
                ParseCodes.BrokenLine,
                Severity.Warning,
                $"{_broken - Shown} more lines left out, the last is line {_lastBroken}; the result is partial",
                _lastBroken
            );
            _broken = Shown;
        }

        return [.. _items];
    }
}
