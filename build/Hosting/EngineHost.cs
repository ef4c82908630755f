using FaultMatrix.Build.Model;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Execution;

namespace FaultMatrix.Build.Hosting;

/// <summary>
/// One build session of MSBuild in this process. Node reuse is off: a node that stays would keep the task assembly of an older
/// build. Use only after <see cref="EngineLoader.Register"/>.
/// </summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly BuildManager manager;
    private readonly ProjectCollection projects;
    private bool ended;

    private EngineHost(BuildManager session, ProjectCollection collection)
    {
        manager = session;
        projects = collection;
    }

    /// <param name="listener">Told of everything that happens.</param>
    /// <param name="nodes">How many project instances may run at once.</param>
    /// <param name="binaryLog">A file for MSBuild's binary log, or null.</param>
    public static EngineHost Start(IEngineListener listener, int nodes, string? binaryLog = null)
    {
        var collection = new ProjectCollection();
        var session = new BuildManager("FaultMatrix");
        var loggers = new List<Microsoft.Build.Framework.ILogger> { new ProgressLogger(listener) };
        if (binaryLog is not null)
        {
            loggers.Add(new Microsoft.Build.Logging.BinaryLogger { Parameters = binaryLog });
        }

        session.BeginBuild(new BuildParameters(collection)
        {
            Loggers = loggers,
            MaxNodeCount = nodes,
            EnableNodeReuse = false,
            LogTaskInputs = binaryLog is not null,
            LogInitialPropertiesAndItems = binaryLog is not null,
        });
        return new EngineHost(session, collection);
    }

    /// <summary>Runs one target of a project; ends early, unsuccessful, after <see cref="Cancel"/>.</summary>
    /// <param name="project">The project file.</param>
    /// <param name="properties">Global properties; each item of a list is escaped by itself, so that MSBuild sees a list.</param>
    /// <param name="target">The target.</param>
    public Task<EngineResult> BuildAsync(string project, IReadOnlyDictionary<string, IReadOnlyList<string>> properties, string target)
    {
        var escaped = properties.ToDictionary(
            p => p.Key, p => string.Join(';', p.Value.Select(ProjectCollection.Escape)), StringComparer.OrdinalIgnoreCase);
        var data = new BuildRequestData(project, escaped!, null, [target], null);
        var done = new TaskCompletionSource<EngineResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        manager.PendBuildRequest(data).ExecuteAsync(submission => done.SetResult(Result(submission.BuildResult!, target)), null);
        return done.Task;
    }

    /// <summary>Cancels all that runs: tasks are told so and may take their time.</summary>
    public void Cancel()
    {
        if (!ended)
        {
            manager.CancelAllSubmissions();
        }
    }

    /// <summary>Ends the session and waits for all of it, also for what tasks have registered for the end of the build.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!ended)
        {
            ended = true;
            await Task.Run(manager.EndBuild);
            manager.Dispose();
            projects.Dispose();
        }
    }

    private static EngineResult Result(BuildResult result, string target)
    {
        var items = result.ResultsByTarget.TryGetValue(target, out var t) ? t.Items : [];
        return new EngineResult(
            result.OverallResult == BuildResultCode.Success,
            [.. items.Select(i => new EngineItem(i.ItemSpec, i.MetadataNames.Cast<string>().ToDictionary(n => n, i.GetMetadata, StringComparer.OrdinalIgnoreCase)))]);
    }
}
