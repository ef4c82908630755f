using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Sharing;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>
/// Keeps a run's namespace for it. Under plain MSBuild the engine disposes it when the build ends, also when that was cancelled. The front
/// cleans up in builds of its own after that one, and releases it when nothing is left to do: the lease goes last.
/// </summary>
internal sealed class NamespaceHold : IDisposable
{
    private const string Key = "faultmatrix:namespace";
    private readonly ClusterSession _session;
    private readonly NamespaceLease _lease;
    private readonly LossNote _note;
    private readonly bool _clusterEnds;

    private NamespaceHold(ClusterSession session, NamespaceLease lease, LossNote note, bool clusterEnds) =>
        (_session, _lease, _note, _clusterEnds) = (session, lease, note, clusterEnds);

    /// <summary>Has a loss noted in the run's folder, which may be made only after the namespace is held.</summary>
    public void NoteIn(string runFolder)
    {
        _note.In(runFolder);
        LeaseLoss.Note(runFolder, _lease.Loss);
    }

    /// <summary>The hold of this build; taken now where there is none yet.</summary>
    /// <param name="engine">The engine, which keeps the hold.</param>
    /// <param name="hosted">Whether the front runs the build, and releases the hold itself.</param>
    /// <param name="clusterEnds">Whether the cluster ends with the build: it may be gone when the hold is disposed.</param>
    /// <param name="connect">Makes the lease's own connection: it outlives the task that asks.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="wait">Wait for another holder to end instead of refusing.</param>
    /// <param name="waiting">Told of what is waited for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusterException">FT0315: somebody else holds the namespace.</exception>
    public static async Task<NamespaceHold> OfBuildAsync(
        IBuildEngine4 engine,
        bool hosted,
        bool clusterEnds,
        Func<Task<ClusterSession>> connect,
        string run,
        bool wait,
        Action<string> waiting,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(connect);
        if (engine.GetRegisteredTaskObject(Key, Lifetime(hosted)) is NamespaceHold held)
        {
            return held;
        }

        var session = await connect();
        try
        {
            var note = new LossNote();
            var lease = await NamespaceLease.AcquireAsync(
                session, LeaseHolder.OfThisProcess(run), wait, waiting, cancellation, note.Changed);
            var hold = new NamespaceHold(session, lease, note, clusterEnds);
            engine.RegisterTaskObject(Key, hold, Lifetime(hosted), allowEarlyCollection: false);
            return hold;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Gives the namespace back, where this process holds it.</summary>
    public static void Release(IBuildEngine4 engine, bool hosted)
    {
        ArgumentNullException.ThrowIfNull(engine);
        (engine.UnregisterTaskObject(Key, Lifetime(hosted)) as NamespaceHold)?.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Task.Run(() => _clusterEnds ? _lease.StopAsync() : _lease.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        _session.Dispose();
    }

    private static RegisteredTaskObjectLifetime Lifetime(bool hosted) =>
        hosted ? RegisteredTaskObjectLifetime.AppDomain : RegisteredTaskObjectLifetime.Build;

    /// <summary>Where a loss is noted, which is known only after the lease is held.</summary>
    private sealed class LossNote
    {
        private volatile string? _folder;

        public void In(string folder) => _folder = folder;

        public void Changed(string? loss)
        {
            if (_folder is { } folder)
            {
                LeaseLoss.Note(folder, loss);
            }
        }
    }
}
