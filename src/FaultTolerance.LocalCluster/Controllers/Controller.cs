using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>
/// A reconciling loop: changes name the objects to look at, a queue without duplicates feeds one worker, and what
/// failed on a conflict is looked at again. The store answers at once and truly, so no cache and no expectations are needed.
/// </summary>
internal abstract class Controller(IObjectStore store, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly Channel<ResourceId> _queue = Channel.CreateUnbounded<ResourceId>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<ResourceId, bool> _queued = new();
    private readonly ConcurrentDictionary<(ResourceId Id, DateTimeOffset At), bool> _timers = new();
    private CancellationToken _stop;

    protected IObjectStore Store { get; } = store;

    protected TimeProvider Time { get; } = time;

    protected ILogger Log { get; } = log;

    /// <summary>The types whose changes matter.</summary>
    protected abstract IReadOnlyList<ResourceType> Watched { get; }

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation)
    {
        _stop = cancellation;
        return Task.WhenAll([WorkAsync(cancellation), .. Watched.Select(t => StoreWatch.RunAsync(
            Store, t,
            items =>
            {
                foreach (var item in items)
                {
                    Changed(t, new StoreEvent(StoreEventKind.Added, item, 0));
                }
            },
            e => Changed(t, e), cancellation))]);
    }

    /// <summary>Looks at one object until there is nothing to do.</summary>
    public abstract void Reconcile(ResourceId id);

    /// <summary>Names, by <see cref="Enqueue"/>, what a change calls to look at.</summary>
    protected abstract void Changed(ResourceType type, StoreEvent change);

    /// <summary>The address of a stored object.</summary>
    protected static ResourceId IdOf(ResourceType type, JsonObject o) => new(type, o.Namespace(), o.Name());

    /// <summary>Has an object looked at soon.</summary>
    protected void Enqueue(ResourceId id)
    {
        if (_queued.TryAdd(id, true))
        {
            _queue.Writer.TryWrite(id);
        }
    }

    /// <summary>Has an object looked at when a time has come.</summary>
    protected void EnqueueAt(ResourceId id, DateTimeOffset at)
    {
        if (_timers.TryAdd((id, at), true))
        {
            _ = WakeAsync(id, at);
        }
    }

    private async Task WakeAsync(ResourceId id, DateTimeOffset at)
    {
        try
        {
            var wait = at - Time.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Time, _stop);
            _timers.TryRemove((id, at), out _);
            Enqueue(id);
        }
        catch (OperationCanceledException)
        {
            // the cluster ends
        }
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        await foreach (var id in _queue.Reader.ReadAllAsync(cancellation))
        {
            _queued.TryRemove(id, out _);
            try
            {
                Reconcile(id);
            }
            catch (StoreException e) when (e.Status is 404 or 409)
            {
                // Changed under our hands: what is there now is looked at once more.
                Log.LogDebug("{Controller}: {Id}: {Message}", GetType().Name, id, e.Message);
                EnqueueAt(id, Time.GetUtcNow() + RetryDelay);
            }
            catch (Exception e) when (e is StoreException or FormatException or InvalidOperationException or ArgumentException)
            {
                // One object that cannot be handled must not stop the others.
                Log.LogError(e, "{Controller} cannot reconcile {Id}", GetType().Name, id);
            }
        }
    }
}
