using FaultMatrix.Shared;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>
/// A worker process of the engine ends with its front. One whose front was killed does nothing more: its tasks are cancelled at once, since
/// a graph that it still deployed would come after the next command has cleared up. Then it has been seen to wait for an answer that never
/// comes, so it ends itself.
/// </summary>
internal sealed class OrphanWatch : IDisposable
{
    /// <summary>How long a worker may go on after its front has ended; its own way to end takes seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private const string Key = "FaultTolerance.Tasks.OrphanWatch";
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _orphaned = new();

    private OrphanWatch(int front, TimeProvider time, Action end) => Watching = WatchAsync(front, time, end);

    /// <summary>Cancelled when the front has ended.</summary>
    public CancellationToken Orphaned => _orphaned.Token;

    /// <summary>Ends after the front and <see cref="Patience"/>, or when this is disposed.</summary>
    public Task Watching { get; }

    /// <summary>Watches the front of this process, once, where this process is a worker of one.</summary>
    /// <param name="engine">Keeps the watch as long as the process.</param>
    /// <param name="time">For the patience.</param>
    /// <returns>The watch; null where this process is no worker.</returns>
    public static OrphanWatch? Ensure(IBuildEngine engine, TimeProvider time)
    {
        if (!OperatingSystem.IsLinux() || !IsWorker(Environment.GetCommandLineArgs()) || engine is not IBuildEngine4 keeper
            || ProcessStat.Read(Environment.ProcessId) is not { } self)
        {
            return null;
        }

        if (keeper.GetRegisteredTaskObject(Key, RegisteredTaskObjectLifetime.AppDomain) is OrphanWatch there)
        {
            return there;
        }

        var watch = Start(FrontOf(self, ProcessStat.Read(self.Parent)), time, () => Environment.Exit(1));
        keeper.RegisterTaskObject(Key, watch, RegisteredTaskObjectLifetime.AppDomain, allowEarlyCollection: false);
        return watch;
    }

    /// <summary>Whether a command line is that of a worker that no other front uses later.</summary>
    public static bool IsWorker(IReadOnlyCollection<string> words) =>
        words.Contains("/nodemode:1", StringComparer.OrdinalIgnoreCase)
        && words.Contains("/nodeReuse:false", StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Who started a worker; 0 where that process has ended: the parent is then another one, which took the worker in, and is of another
    /// session than the worker, which has its front's.
    /// </summary>
    /// <param name="self">The worker.</param>
    /// <param name="parent">Its parent as it is now; null where there is none to be seen.</param>
    internal static int FrontOf(ProcessStat self, ProcessStat? parent) => parent?.Session == self.Session ? self.Parent : 0;

    /// <summary>Watches a process.</summary>
    /// <param name="front">Its id; 0 for one that has ended.</param>
    /// <param name="time">For the patience.</param>
    /// <param name="end">Called when it has ended and the patience is over.</param>
    public static OrphanWatch Start(int front, TimeProvider time, Action end) => new(front, time, end);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _orphaned.Dispose();
    }

    private async Task WatchAsync(int front, TimeProvider time, Action end)
    {
        var stop = _stop.Token;
        try
        {
            await EndOfAsync(front, time, stop);
            await _orphaned.CancelAsync();
            await Task.Delay(Patience, time, stop);
            end();
        }
        catch (OperationCanceledException)
        {
            // The process ends by itself.
        }
    }

    // A process that its parent has not asked for yet has ended all the same; its number may be another's afterwards.
    private static async Task EndOfAsync(int id, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look, time);
        var first = ProcessStat.Read(id);
        while (first is not null && ProcessStat.Read(id) is { HasEnded: false } now && now.Start == first.Value.Start)
        {
            await timer.WaitForNextTickAsync(cancellation);
        }
    }
}
