using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Work;

/// <summary>Chooses the work that a load asks for.</summary>
internal static class LoadWork
{
    /// <summary>The work; null where every request asks the same, which needs none.</summary>
    /// <exception cref="FaultMatrixException">
    /// FT0240, FT0241: the file of prompts or of the trace cannot be read, or a line of it is wrong; FT0540: it is not the one that was
    /// planned.
    /// </exception>
    public static IWork? Of(LoadSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec switch
        {
            { Trace.File: { } file } => new TraceWork(spec, Known(file, TraceFile.Read(file.Path)).Items),
            { Prompts: { } file } => new PromptWork(spec, Known(file, PromptFile.Read(file.Path, spec.Api)).Items),
            { IsUniform: true } => null,
            _ => new DrawnWork(spec),
        };
    }

    private static WorkLines<T> Known<T>(WorkFile file, WorkLines<T> lines)
    {
        if (lines.Hash.Length > 0 && lines.Hash != file.Hash)
        {
            throw new FaultMatrixException(
                "FT0540", $"'{file.Path}' was changed since the run was planned; put it back, or begin a new run") { File = file.Path };
        }

        return lines.Faults is not [var fault, ..] ? lines
            : throw new FaultMatrixException(
                fault.Code, $"{fault.File}{(fault.Line > 0 ? $"({fault.Line})" : "")}: {fault.Message}") { File = file.Path };
    }
}
