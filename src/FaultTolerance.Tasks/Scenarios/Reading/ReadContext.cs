using FaultMatrix.Shared;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Gathers the faults of one file while its sections are read.</summary>
internal sealed class ReadContext(string file, PositionedJson json)
{
    private readonly List<Diagnostic> _faults = [];

    /// <summary>The file's full path.</summary>
    public string File { get; } = file;

    /// <summary>The document.</summary>
    public PositionedJson Json { get; } = json;

    /// <summary>Notes a fault at a JSON path.</summary>
    public void Report(string code, string path, string message) =>
        _faults.Add(new Diagnostic(code, Severity.Error, message) { File = File, Line = Json.LineOf(path), Path = path });

    /// <summary>Notes a fault of another file that this one names.</summary>
    public void Report(Diagnostic fault) => _faults.Add(fault);

    /// <summary>Throws all faults found so far, in the file's order; does nothing where there are none.</summary>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            throw new ScenarioFileException(
                [
                    .. _faults.OrderBy(fault => fault.File == File ? 0 : 1).ThenBy(fault => fault.Line)
                        .ThenBy(fault => fault.Path, StringComparer.Ordinal),
                ]);
        }
    }
}
