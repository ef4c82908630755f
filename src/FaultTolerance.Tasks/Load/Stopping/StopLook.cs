using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Load.Stopping;

/// <summary>Looks several times a second whether a load's limits hold, and ends it at the first that does not.</summary>
internal static class StopLook
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until the load ends or is ended. Returns at once where it has no limits.</summary>
    /// <param name="load">The load.</param>
    /// <param name="timeline">Where it is written that the load was ended, and why.</param>
    /// <param name="ended">The load has ended.</param>
    public static async Task RunAsync(LoadContext load, TimelineWriter timeline, CancellationToken ended)
    {
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(timeline);
        if (load.Watch is not { } watch)
        {
            return;
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(load.Stop, ended);
        using var timer = new PeriodicTimer(Every, load.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(both.Token).ConfigureAwait(false))
            {
                if (watch.Broken(load.Time.GetTimestamp()) is { } broken)
                {
                    // The event first: whoever undoes faults waits for it.
                    timeline.Write(new LoadStopped { Limit = broken.Key, Reason = broken.Text });
                    load.End($"stopWhen {broken.Key}: {broken.Text}");
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }
}
