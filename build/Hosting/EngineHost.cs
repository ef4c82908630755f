using FaultMatrix.Build.Model;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Exceptions;
using Microsoft.Build.Execution;

namespace FaultMatrix.Build.Hosting;

/// <summary>
/// One build session of MSBuild in this process. Node reuse is off: a node that stays would keep the task assembly of an older
/// build. Use only after <see cref="EngineLoader.Register"/>.
/// </summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly BuildManager _manager;
    private readonly ProjectCollection _projects;
    private readonly IEngineListener _listener;
    private readonly Unforeseen _unforeseen;
    private readonly WorkerFiles _files;
    private bool _ended;

    private EngineHost(
        BuildManager session, ProjectCollection collection, IEngineListener told, Unforeseen traces, WorkerFiles workerFiles) =>
        (_manager, _projects, _listener, _unforeseen, _files) = (session, collection, told, traces, workerFiles);

    /// <param name="listener">Told of everything that happens.</param>
    /// <param name="unforeseen">Keeps the traces of what nobody foresaw.</param>
    /// <param name="nodes">How many project instances may run at once.</param>
    public static EngineHost Start(IEngineListener listener, Unforeseen unforeseen, int nodes)
    {
        WorkerFiles.LimitWaiting();
        var collection = new ProjectCollection();
        var session = new BuildManager("FaultMatrix");
        var files = new WorkerFiles(nodes, TimeProvider.System);
        session.BeginBuild(new BuildParameters(collection)
        {
            Loggers = [new ProgressLogger(listener, unforeseen)],
            MaxNodeCount = nodes,
            EnableNodeReuse = false,
        });
        return new EngineHost(session, collection, listener, unforeseen, files);
    }

    /// <summary>Runs one target of a project; ends early, unsuccessful, after <see cref="Cancel"/>.</summary>
    /// <param name="project">The project file.</param>
    /// <param name="properties">Global properties; each item of a list is escaped by itself, so that MSBuild sees a list.</param>
    /// <param name="target">The target.</param>
    public Task<EngineResult> BuildAsync(string project, IReadOnlyDictionary<string, IReadOnlyList<string>> properties, string target)
    {
        var escaped = properties.ToDictionary(
            p => p.Key, p => string.Join(';', p.Value.Select(ProjectCollection.Escape)), StringComparer.OrdinalIgnoreCase);
        // What the project holds for the run (the namespace's lease) is this process's, whatever becomes of a worker process.
        var services = new HostServices();
        services.SetNodeAffinity(project, NodeAffinity.InProc);
        var data = new BuildRequestData(project, escaped!, null, [target], services);
        var done = new TaskCompletionSource<EngineResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _manager.PendBuildRequest(data).ExecuteAsync(submission => done.SetResult(Result(submission.BuildResult, target)), null);
        return done.Task;
    }

    /// <summary>Cancels all that runs: tasks are told so and may take their time.</summary>
    public void Cancel()
    {
        if (!_ended)
        {
            _manager.CancelAllSubmissions();
        }
    }

    /// <summary>Ends the session and waits for all of it, also for what tasks have registered for the end of the build.</summary>
    public async ValueTask DisposeAsync() => await EndAsync(Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Ends the session as <see cref="DisposeAsync"/> does, and waits no longer than a limit; what is left then ends with this process.
    /// </summary>
    /// <returns>Whether it has ended.</returns>
    public async Task<bool> EndAsync(TimeSpan limit)
    {
        if (_ended)
        {
            return true;
        }

        _ended = true;
        try
        {
            await Task.Run(_manager.EndBuild).WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The engine tells so of a worker that was lost, which it has told before.
            _listener.Problem(null, true, _unforeseen.Of(e));
        }

        _files.Dispose();
        _manager.Dispose();
        _projects.Dispose();
        return true;
    }

    private EngineResult Result(BuildResult? result, string target)
    {
        if (result?.Exception is { } e and not BuildAbortedException)
        {
            _listener.Problem(null, true, _unforeseen.Of(e));
        }

        var items = result?.ResultsByTarget.TryGetValue(target, out var t) == true ? t.Items : [];
        return new EngineResult(
            result?.OverallResult == BuildResultCode.Success,
            [.. items.Select(i => new EngineItem(i.ItemSpec, i.MetadataNames.Cast<string>()
                .ToDictionary(n => n, i.GetMetadata, StringComparer.OrdinalIgnoreCase)))]);
    }
}
