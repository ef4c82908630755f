using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load.Recovery;

namespace FaultTolerance.LoadJobs;

/// <summary>
/// Says when a load in pods is to end, by what all its clients see together: at the first limit that is broken, and where it lasts until
/// the service is steady, once it is. Not for several threads at once.
/// </summary>
/// <param name="options">The load.</param>
/// <param name="sight">What its clients see.</param>
/// <param name="timeline">The scenario's timeline: it tells of faults, and is told of a broken limit.</param>
internal sealed class JobJudge(LoadJobOptions options, JobSight sight, TimelineWriter timeline)
{
    private readonly RecoveryWatch? _recovery = options.Load.UntilRecovered is { } most
        ? new(sight, new TimelineFollower(timeline.Path), most, options.LastFaultDue) : null;
    private bool _isStopped;
    private bool _isEnough;

    /// <summary>Looks: why the load is to be stopped now, if it is, and whether it has gone on after its plan for long enough.</summary>
    /// <param name="first">When the first request was sent; null before that is known.</param>
    /// <param name="planEnded">When the first of the pods had sent its plan; null before that.</param>
    public (string? Stop, bool Enough) Look(DateTimeOffset? first, DateTimeOffset? planEnded)
    {
        string? stop = null;
        if (!_isStopped && sight.Broken() is { } broken)
        {
            // The event first: whoever undoes faults waits for it.
            timeline.Write(new LoadStopped { Limit = broken.Key, Reason = broken.Text });
            (_isStopped, stop) = (true, $"stopWhen {broken.Key}: {broken.Text}");
        }

        if (!_isEnough && _recovery is not null && planEnded is { } ended)
        {
            var now = timeline.Clock.Now;
            _isEnough = !_recovery.GoesOn(first ?? now, ended, now);
        }

        return (stop, _isEnough);
    }
}
