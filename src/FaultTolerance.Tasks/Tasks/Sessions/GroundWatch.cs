using FaultTolerance.Cluster;

namespace FaultTolerance.Tasks.Sessions;

/// <summary>
/// While a phase works, looks after what it stands on: that the namespace is still the run's, and that there still is a cluster. A cluster
/// that is slow or silent for a while is not gone; one is whose address takes no connection for <see cref="Patience"/>.
/// </summary>
internal sealed class GroundWatch : IAsyncDisposable
{
    /// <summary>How long nobody may be listening at the cluster's address.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The code of a cluster that is gone.</summary>
    public const string Gone = "FT0322";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private readonly ClusterSession _cluster;
    private readonly string _runFolder;
    private readonly Action<FaultMatrixException> _lost;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _looking;
    private bool _told;

    private GroundWatch(ClusterSession cluster, string runFolder, Action<FaultMatrixException> lost)
    {
        (_cluster, _runFolder, _lost) = (cluster, runFolder, lost);
        _looking = Task.WhenAll(LookAtLeaseAsync(), LookAtClusterAsync());
    }

    /// <summary>Begins to look.</summary>
    /// <param name="cluster">The connection.</param>
    /// <param name="runFolder">The run's folder, where a lost namespace is noted.</param>
    /// <param name="lost">Told once of a lost namespace (FT0321), and once of a lost cluster (FT0322).</param>
    public static GroundWatch Start(ClusterSession cluster, string runFolder, Action<FaultMatrixException> lost) =>
        new(cluster, runFolder, lost);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _looking;
        TellOfLease();
        _ended.Dispose();
    }

    private async Task LookAtLeaseAsync()
    {
        using var timer = new PeriodicTimer(Look, _cluster.Time);
        try
        {
            do
            {
                TellOfLease();
            }
            while (await timer.WaitForNextTickAsync(_ended.Token));
        }
        catch (OperationCanceledException)
        {
            // The phase has ended.
        }
    }

    private void TellOfLease()
    {
        if (!_told && LeaseLoss.Of(_runFolder) is { } loss)
        {
            _told = true;
            _lost(loss);
        }
    }

    private async Task LookAtClusterAsync()
    {
        using var timer = new PeriodicTimer(Pulse, _cluster.Time);
        long? since = null;
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                if (await RefusalAsync() is not { } why)
                {
                    since = null;
                }
                else if (_cluster.Time.GetElapsedTime(since ??= _cluster.Time.GetTimestamp()) >= Patience)
                {
                    _lost(new ClusterException(
                        Gone,
                        $"the cluster at {_cluster.Server} is gone: its address has taken no connection for {Patience.TotalSeconds:0} s "
                        + $"({why}). What the run made there may remain; ./build.sh Teardown removes it when the cluster is back"));
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The phase has ended.
        }
    }

    private async Task<string?> RefusalAsync()
    {
        using var limit = new CancellationTokenSource(AnswerLimit, _cluster.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, limit.Token);
        try
        {
            return await _cluster.RefusalAsync(both.Token);
        }
        catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
        {
            // Silent, which is not gone.
            return null;
        }
    }
}
