using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Tasks;

/// <summary>
/// Asks for the end of the faults when the load was stopped for a broken limit. It learns that from the timeline, so that it does not
/// matter which process runs the load.
/// </summary>
internal sealed class StopFollower : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private readonly System.Threading.Tasks.Task _following;

    private StopFollower(string timeline, DateTimeOffset since, TimeProvider time) => _following = FollowAsync(timeline, since, time);

    /// <summary>Asked for once the load was stopped.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Begins to follow.</summary>
    /// <param name="timeline">The scenario's timeline.</param>
    /// <param name="since">The load's first request; what an earlier load was stopped for is not meant.</param>
    /// <param name="time">The clock by which it looks.</param>
    public static StopFollower Start(string timeline, DateTimeOffset since, TimeProvider time) => new(timeline, since, time);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following;
        _end.Dispose();
        _stop.Dispose();
    }

    private async System.Threading.Tasks.Task FollowAsync(string path, DateTimeOffset since, TimeProvider time)
    {
        var timeline = new TimelineFollower(path);
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                if (timeline.Next().OfType<LoadStopped>().Any(item => item.At >= since.UtcTicks))
                {
                    await _stop.CancelAsync();
                    return;
                }
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The faults are over.
        }
    }
}
