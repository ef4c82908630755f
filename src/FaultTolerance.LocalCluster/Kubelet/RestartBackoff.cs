namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>
/// The wait before a restart, as the kubelet computes it: none for the first, then doubling from the initial value to
/// the maximum, counted from the end of the last instance; forgotten when twice the maximum passed between
/// a restart and the next end.
/// </summary>
/// <param name="initial">First wait that is not zero.</param>
/// <param name="maximum">Upper bound.</param>
internal sealed class RestartBackoff(TimeSpan initial, TimeSpan maximum)
{
    private TimeSpan _wait;
    private DateTimeOffset _lastStart;

    /// <summary>How long from the end of the instance until the next may start.</summary>
    public TimeSpan WaitAfter(DateTimeOffset finishedAt)
    {
        if (_wait > TimeSpan.Zero && finishedAt - _lastStart > maximum * 2)
        {
            _wait = TimeSpan.Zero;
        }

        return _wait;
    }

    /// <summary>To be told of each restart.</summary>
    public void Restarted(DateTimeOffset at)
    {
        _wait = _wait == TimeSpan.Zero ? initial : TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, maximum.Ticks));
        _lastStart = at;
    }
}
