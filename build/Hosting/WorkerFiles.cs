using System.Globalization;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Hosting;

/// <summary>
/// What worker processes of the engine leave when they are killed: the sockets that they were spoken to by, which lie in /tmp whatever
/// TMPDIR says. Only those of workers that this process started are removed. The engine does not tell of its workers in time, so they are
/// looked for now and then. A worker whose front was killed before it spoke to it waits for it a quarter of an hour, if nobody says less.
/// </summary>
internal sealed class WorkerFiles : IDisposable
{
    private const string WaitingVariable = "MSBUILDNODECONNECTIONTIMEOUT";
    private static readonly TimeSpan Waiting = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly HashSet<int> _workers = [];
    private readonly ITimer? _timer;

    /// <param name="nodes">How many nodes the engine may have; one is this process.</param>
    /// <param name="time">For the looking.</param>
    public WorkerFiles(int nodes, TimeProvider time)
    {
        if (nodes > 1 && OperatingSystem.IsLinux())
        {
            _timer = time.CreateTimer(_ => Note(), null, Look, Look);
        }
    }

    /// <summary>Has workers that are started from now on wait 15 s to be spoken to, unless the environment says how long.</summary>
    public static void LimitWaiting()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(WaitingVariable)))
        {
            Environment.SetEnvironmentVariable(
                WaitingVariable, Waiting.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Ends the looking, and removes what workers that have ended have left.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        Remove();
    }

    private void Note()
    {
        lock (_gate)
        {
            _workers.UnionWith(WorkerProcesses.Living());
        }
    }

    private void Remove()
    {
        lock (_gate)
        {
            foreach (var worker in _workers.Where(pid => ProcessStat.Read(pid) is null or { HasEnded: true }))
            {
                WorkerProcesses.RemoveSocket(worker);
            }
        }
    }
}
