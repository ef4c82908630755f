using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Load.Recovery;

/// <summary>
/// Says how long a load that lasts <c>untilRecovered</c> goes on after its plan. It learns of faults from the timeline, so that it does not
/// matter which process injects them, and counts from a fault's order: clients may feel it long before its proof is in.
/// </summary>
/// <param name="steady">Judges the service.</param>
/// <param name="timeline">The scenario's timeline.</param>
/// <param name="most">The longest time to go on: after the plan, or after the last fault's order where that is later.</param>
/// <param name="lastDue">When the last fault is due, after the first request; null where none is planned.</param>
internal sealed class RecoveryWatch(ISteadyState steady, TimelineFollower timeline, TimeSpan most, TimeSpan? lastDue)
{
    // An injector waits for the time and then looks for its pods; a fault that is not ordered by then does not come.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private DateTimeOffset? _lastOrder;

    /// <summary>Whether to go on at <paramref name="now"/>. Not for several threads at once.</summary>
    /// <param name="first">When the first request was sent.</param>
    /// <param name="planEnded">When the plan had been sent.</param>
    /// <param name="now">The instant.</param>
    public bool GoesOn(DateTimeOffset first, DateTimeOffset planEnded, DateTimeOffset now)
    {
        Learn();
        var from = _lastOrder > planEnded ? _lastOrder.Value : planEnded;
        if (now - from >= most)
        {
            return false;
        }

        var due = first + lastDue;
        var isToCome = now < due + Grace && !(_lastOrder >= due);
        // A fault that was ordered and is neither proven nor given up has not done all of its harm.
        return isToCome || _pending.Count > 0 || !steady.IsSteady(now);
    }

    private void Learn()
    {
        foreach (var item in timeline.Next())
        {
            var at = new DateTimeOffset(item.At, TimeSpan.Zero);
            switch (item)
            {
                case FaultIssued issued:
                    _pending.Add(issued.Id ?? "");
                    _lastOrder = _lastOrder > at ? _lastOrder : at;
                    steady.MarkFault(at);
                    break;
                case FaultLanded landed:
                    _pending.Remove(landed.Id ?? "");
                    steady.MarkFault(at);
                    break;
                case FaultUnproven unproven:
                    _pending.Remove(unproven.Id ?? "");
                    break;
            }
        }
    }
}
