using System.Collections.Immutable;
using FaultTolerance.Cluster;
using FaultTolerance.Load;
using FaultTolerance.Load.Workers;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.LoadJobs;

/// <summary>Follows a load pod to its end: fetches its logs while they grow, tells it the frontends, and checks what came in.</summary>
/// <param name="pod">The pod.</param>
/// <param name="logs">Where its clients' logs go; this one's from here on.</param>
/// <param name="frontends">Gives those that are ready.</param>
/// <param name="spec">The whole load.</param>
/// <param name="clock">The run's clock.</param>
/// <param name="sight">Takes what the pod tells of requests; null where nobody judges them yet.</param>
internal sealed class PodFollower(
    LoadPod pod, FetchedLogs logs, Func<IReadOnlyList<FrontendEndpoint>> frontends, LoadSpec spec, RunClock clock, JobSight? sight = null)
    : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    // A frontend that comes or goes is told at once: what clients see of it must not wait for a look.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    // A worker waits longer for its runner than this; a fault may cut the way to it meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private IReadOnlyList<FrontendEndpoint>? _told;
    private readonly FetchedRequests _requests = new(pod.Share);
    private volatile string? _stop;
    private volatile bool _enough;
    private (string? Stop, bool Enough) _toldEnd;

    /// <summary>The pod.</summary>
    public LoadPod Pod => pod;

    /// <summary>How it was lost; null where it was not.</summary>
    public string? Lost { get; private set; }

    /// <summary>Requests of which nothing is known, where it was lost.</summary>
    public long Unknown { get; private set; }

    /// <summary>Has it stop at its next look.</summary>
    public void Stop(string reason) => _stop ??= reason;

    /// <summary>Has it go on no longer after its plan.</summary>
    public void Enough() => _enough = true;

    /// <summary>Follows it; returns its books once its logs are whole.</summary>
    /// <param name="looked">Called after each look.</param>
    /// <exception cref="FaultMatrixException">FT0502: the logs cannot be written.</exception>
    public async Task<LoadTotals> RunAsync(Action looked)
    {
        ArgumentNullException.ThrowIfNull(looked);
        using var timer = new PeriodicTimer(Tick, clock.Time);
        var heard = clock.Time.GetTimestamp();
        while (true)
        {
            try
            {
                var more = await LookAsync();
                heard = clock.Time.GetTimestamp();
                looked();
                if (pod.Said is { State: WorkerState.Failed } failed)
                {
                    return Lose($"it cannot go on: {failed.Error}");
                }

                if (pod.Said is { State: WorkerState.Ended, Totals: { } totals } ended && logs.IsWhole(ended.Logs))
                {
                    return await EndAsync(totals, ended.Logs);
                }

                if (more)
                {
                    continue;
                }
            }
            catch (IOException e)
            {
                if (await LossAsync(e, clock.Time.GetElapsedTime(heard)) is { } loss)
                {
                    return Lose(loss);
                }
            }

            await UntilNextAsync(timer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => logs.Dispose();

    private async Task UntilNextAsync(PeriodicTimer timer)
    {
        var from = clock.Time.GetTimestamp();
        do
        {
            await timer.WaitForNextTickAsync();
        }
        while (clock.Time.GetElapsedTime(from) < Every && ReferenceEquals(frontends(), _told) && _toldEnd == (_stop, _enough));
    }

    // True where the worker may have more than it sent.
    private async Task<bool> LookAsync()
    {
        var ready = frontends();
        var end = (Stop: _stop, Enough: _enough);
        var pieces = await pod.AskAsync(
            new()
            {
                Frontends = ReferenceEquals(ready, _told) ? null : [.. ready.Select(WorkerFrontend.Of)],
                Stop = end.Stop,
                Enough = end.Enough,
                From = logs.Known,
            },
            CancellationToken.None);
        (_told, _toldEnd) = (ready, end);
        logs.Append(pieces);
        var more = pieces.Sum(piece => (long)piece.Length) >= WorkerForm.MostBytes / 2;
        sight?.Take(pod.Index, more ? null : pod.SaidAt, pod.Said!.UnderWay.AsSpan(), _requests.Take(pieces));
        return more;
    }

    private async Task<LoadTotals> EndAsync(LoadTotals totals, ImmutableArray<WorkerLog> told)
    {
        if (logs.Difference(told) is { } difference)
        {
            return Lose($"{difference} (FT0525)");
        }

        sight?.Gone(pod.Index, pod.Share);
        logs.Dispose();
        try
        {
            await pod.AskAsync(new() { Bye = true }, CancellationToken.None);
        }
        catch (IOException)
        {
            // It ends as it is told; the answer may be lost with it.
        }

        return totals;
    }

    // What became of a pod whose line broke; null where it may come back.
    private async Task<string?> LossAsync(IOException broken, TimeSpan silence)
    {
        try
        {
            if (await pod.EndAsync(CancellationToken.None) is { } end)
            {
                return end;
            }
        }
        catch (ClusterException)
        {
            // The API does not answer either.
        }

        var patience = _stop is null ? Patience : StopPatience;
        return silence > patience ? $"it gave no answer for {patience.TotalSeconds:0} s: {broken.Message}" : null;
    }

    private LoadTotals Lose(string reason)
    {
        Lost = reason;
        sight?.Gone(pod.Index, pod.Share);
        var books = new LostShare(spec, clock, $"load pod {pod.Name} was lost: {reason}");
        logs.Complete(books.Lines);
        Unknown = books.Unknown;
        return books.Totals;
    }
}
