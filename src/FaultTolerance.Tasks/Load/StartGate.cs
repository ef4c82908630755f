using FaultTolerance.Load.OpenLoop;

namespace FaultTolerance.Load;

/// <summary>
/// Where a load that is prepared waits until it is told when it starts, so that several processes start at one instant. Nobody else knows
/// the way from here to the first request, so the lateness of the start is told, too.
/// </summary>
internal sealed class StartGate
{
    private readonly TaskCompletionSource _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> _instant = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _passed;

    /// <summary>Completes when the load is prepared.</summary>
    public Task Prepared => _prepared.Task;

    /// <summary>When the load passed, in ticks of its clock; null before that.</summary>
    public long? Passed => Interlocked.Read(ref _passed) is var at && at == 0 ? null : at;

    /// <summary>Names the instant, in ticks of the load's clock. The first counts.</summary>
    public void Open(long instant) => _instant.TrySetResult(instant);

    /// <summary>Waits for the instant and until it; returns it, or null where the load was stopped before it was named.</summary>
    public async Task<long?> PassAsync(TimeProvider time, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(time);
        _prepared.TrySetResult();
        try
        {
            var instant = await _instant.Task.WaitAsync(stop).ConfigureAwait(false);
            using var pacer = new Pacer(time, stop);
            await pacer.WaitAsync(instant).ConfigureAwait(false);
            Interlocked.Exchange(ref _passed, time.GetTimestamp());
            return instant;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
