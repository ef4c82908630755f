using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Waiting;
using FaultTolerance.Load;
using FaultTolerance.Runs;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>What faults see of the load of this process. Not for several threads at once.</summary>
/// <param name="load">The load.</param>
/// <param name="timeline">The scenario's timeline, which tells of orders and proofs.</param>
/// <param name="clock">The run's clock.</param>
internal sealed class LoadEyes(ILoadRun load, string timeline, RunClock clock) : ILoadEyes
{
    private readonly TimelineFollower _timeline = new(timeline);
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public long Failed => load.Progress.Failed;

    /// <inheritdoc/>
    public double Done => load.Progress is { Planned: > 0 } now
        ? (double)(now.Succeeded + now.Failed + now.Apart) / now.Planned : 0;

    /// <inheritdoc/>
    public bool HasEnded => load.Completion.IsCompleted;

    /// <inheritdoc/>
    public bool IsSteady
    {
        get
        {
            Learn();
            return _pending.Count == 0 && load.Steady?.IsSteady(clock.Now) == true;
        }
    }

    // As the load that lasts until the service is steady learns it.
    private void Learn()
    {
        foreach (var item in _timeline.Next().OfType<FaultEvent>())
        {
            if (item is FaultIssued)
            {
                _pending.Add(item.Id ?? "");
            }
            else if (item is FaultLanded or FaultUnproven)
            {
                _pending.Remove(item.Id ?? "");
            }

            if (item is FaultIssued or FaultLanded)
            {
                load.Steady?.MarkFault(new DateTimeOffset(item.At, TimeSpan.Zero));
            }
        }
    }
}
