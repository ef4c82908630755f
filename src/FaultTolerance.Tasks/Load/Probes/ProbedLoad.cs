using FaultTolerance.Load.Recovery;

namespace FaultTolerance.Load.Probes;

/// <summary>
/// A load with a probe beside it. To whoever looks it is that load alone; the probe ends with it, however it ends, and is over when this
/// is.
/// </summary>
internal sealed class ProbedLoad : ILoadRun
{
    private readonly ILoadRun _load;
    private readonly Probe _probe;

    /// <summary>Joins two that have started.</summary>
    /// <param name="load">The load; this one's from here on.</param>
    /// <param name="probe">The probe; this one's from here on.</param>
    public ProbedLoad(ILoadRun load, Probe probe)
    {
        (_load, _probe) = (load, probe);
        Completion = CompleteAsync();
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> FirstRequest => _load.FirstRequest;

    /// <summary>
    /// The load's own, once the probe has ended, too. What made either fail fails this; the load's comes before the probe's.
    /// </summary>
    public Task<LoadTotals> Completion { get; }

    /// <inheritdoc/>
    public LoadProgress Progress => _load.Progress;

    /// <inheritdoc/>
    public ISteadyState? Steady => _load.Steady;

    /// <inheritdoc/>
    public async Task<LoadTotals> StopAsync(string reason)
    {
        // Both at once; what becomes of either is told by the completion.
        await Task.WhenAll(_load.StopAsync(reason), _probe.StopAsync(reason))
            .ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        return await Completion.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync("the load was disposed of").ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        await _load.DisposeAsync().ConfigureAwait(false);
        await _probe.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<LoadTotals> CompleteAsync()
    {
        try
        {
            return await _load.Completion.ConfigureAwait(false);
        }
        finally
        {
            // Where the load failed, that is what is told.
            var told = _load.Completion.IsCompletedSuccessfully ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.SuppressThrowing;
            await _probe.EndAsync().ConfigureAwait(told);
        }
    }
}
