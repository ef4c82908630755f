using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Runs;

namespace FaultTolerance.Faults.Undo;

/// <summary>
/// Faults that have to be undone, one JSON object a line: what undoing needs before the fault is carried out, and its end after the undo's
/// proof. Each line is on the disk when the call returns, so that it outlives this process.
/// </summary>
/// <param name="path">The file; made with the first line, readable by its owner alone.</param>
internal sealed class FaultJournal(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private FileStream? _file;

    /// <summary>A fault is about to be carried out.</summary>
    /// <exception cref="FaultMatrixException">FT0614: it cannot be written; the fault must not be carried out then.</exception>
    public void Open(FaultContext context, JsonObject undo)
    {
        ArgumentNullException.ThrowIfNull(context);
        Write(new JsonObject
        {
            ["at"] = RunClock.Format(context.Timeline.Clock.Now),
            ["state"] = "open",
            ["id"] = context.Id,
            ["failure"] = context.Failure,
            ["kind"] = context.Fault.Kind,
            ["target"] = context.Target.Name,
            ["deadline"] = context.Deadline is { } deadline ? RunClock.Format(deadline) : null,
            ["undo"] = undo,
        });
    }

    /// <summary>A fault is undone, and that was seen.</summary>
    public void Close(FaultContext context, string proof)
    {
        ArgumentNullException.ThrowIfNull(context);
        Write(new JsonObject
        {
            ["at"] = RunClock.Format(context.Timeline.Clock.Now),
            ["state"] = "undone",
            ["id"] = context.Id,
            ["proof"] = proof,
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Write(JsonObject line)
    {
        lock (_gate)
        {
            try
            {
                _file ??= Create(path);
                _file.Write(Encoding.UTF8.GetBytes($"{line.ToJsonString()}\n"));
                _file.Flush(flushToDisk: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FaultMatrixException(
                    "FT0614",
                    $"the journal of faults '{path}' cannot be written: {e.Message.TrimEnd('.')}; "
                    + "a fault that has to be undone is not carried out without it",
                    e);
            }
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
