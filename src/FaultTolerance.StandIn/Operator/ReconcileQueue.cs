using System.Collections.Concurrent;
using System.Threading.Channels;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>
/// Keys to reconcile. A key that waits is not queued twice, one that changes while it is worked on comes again, and one that failed
/// comes again after a growing pause.
/// </summary>
internal sealed class ReconcileQueue(Func<string, CancellationToken, Task> reconcile, ConsoleLog log, TimeProvider time, Jitter jitter)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private readonly Channel<string> _keys = Channel.CreateUnbounded<string>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, byte> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _pauses = new(StringComparer.Ordinal);

    public void Add(string key)
    {
        if (_waiting.TryAdd(key, 0))
        {
            _keys.Writer.TryWrite(key);
        }
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var key in _keys.Reader.ReadAllAsync(cancellation))
        {
            _waiting.TryRemove(key, out _);
            try
            {
                await reconcile(key, cancellation);
                _pauses.Remove(key);
            }
            catch (Exception failure) when (failure is KubernetesException or HttpRequestException or IOException)
            {
                log.Warn(OperatorProgram.Target, $"{key}: {failure.Message}");
                var pause = _pauses.TryGetValue(key, out var last)
                    ? TimeSpan.FromTicks(Math.Min(last.Ticks * 2, LongestPause.Ticks))
                    : FirstPause;
                _pauses[key] = pause;
                _ = AddAfterAsync(key, jitter.Spread(pause), cancellation);
            }
        }
    }

    private async Task AddAfterAsync(string key, TimeSpan pause, CancellationToken cancellation)
    {
        await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Add(key);
    }
}
