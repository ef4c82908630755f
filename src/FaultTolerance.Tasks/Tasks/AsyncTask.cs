using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace FaultTolerance.Tasks;

/// <summary>
/// A task whose work is asynchronous and can be cancelled. A <see cref="FaultMatrixException"/> becomes one coded error without a
/// stack trace; a cancel returns false without an error, as the engine expects of a cancelled task.
/// </summary>
public abstract class AsyncTask : Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>Where time comes from.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <inheritdoc/>
    /// <remarks>
    /// The work goes on on the thread pool. Begun on the engine's thread it would inherit the engine's scheduler, and so would all that it
    /// leaves running, as the watches of a graph: each of their awaits would wake that thread, which spins before it sleeps again.
    /// </remarks>
    public sealed override bool Execute() => System.Threading.Tasks.Task.Run(ExecuteAndReportAsync).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Cancel() => _cancellation.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The work.</summary>
    protected abstract System.Threading.Tasks.Task RunAsync(CancellationToken cancellation);

    /// <summary>Releases what the task holds.</summary>
    protected virtual void Dispose(bool disposing) => _cancellation.Dispose();

    private async Task<bool> ExecuteAndReportAsync()
    {
        await using var orphaned = Sessions.OrphanWatch.Ensure(BuildEngine, Time)?.Orphaned.UnsafeRegister(_ => Cancel(), null)
            ?? default;
        try
        {
            await RunAsync(_cancellation.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (Scenarios.ScenarioFileException e)
        {
            foreach (var fault in e.Diagnostics)
            {
                Log.LogError(
                    null,
                    fault.Code,
                    null,
                    fault.File,
                    fault.Line,
                    0,
                    0,
                    0,
                    "{0}",
                    fault.Path is null ? fault.Message : $"{fault.Path}: {fault.Message}"
                );
            }
        }
        catch (FaultMatrixException e)
        {
            LogCoded(e);
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>Logs a user's error with its code and, where it is about a file, the place.</summary>
    private protected void LogCoded(FaultMatrixException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Log.LogError(null, error.Code, null, error.File, error.Line, 0, 0, 0, "{0}", error.Message);
    }
}
