namespace FaultTolerance.StandIn.Hosting;

/// <summary>How much is under way, and when it is over.</summary>
internal sealed class InFlight
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;
    private volatile bool _stopping;

    public long Count => Interlocked.Read(ref _count);

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _stopping)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Completes when nothing is under way any more; to be called once nothing new is taken.</summary>
    public Task IdleAsync()
    {
        _stopping = true;
        if (Count == 0)
        {
            _idle.TrySetResult();
        }

        return _idle.Task;
    }
}
