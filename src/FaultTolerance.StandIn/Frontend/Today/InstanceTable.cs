using System.Collections.Immutable;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Frontend.Today;

/// <summary>
/// The workers as a router of today knows them. Known is what discovery tells; asked is what of it was not found dead. Whenever
/// the known ones change, and every five seconds without a change, all of them are asked again: so a dead one fails one request
/// each time until discovery forgets it.
/// </summary>
internal sealed class InstanceTable : IWorkerDiscovery, IDisposable
{
    private readonly TodaySettings _settings;
    private readonly TimeProvider _time;
    private readonly DiscoveryTexts _texts;
    private readonly ITimer _scan;
    private readonly Lock _gate = new();
    private readonly List<Instance> _registered = [];
    private readonly HashSet<string> _readyPods = new(StringComparer.Ordinal);
    private readonly HashSet<Instance> _foundDead = [];
    private ImmutableArray<Instance> _known = [];
    private ImmutableArray<string> _models = [];
    private DateTimeOffset _lastChange;
    private long _lastId;
    // One for each role: a request that takes a turn of both would otherwise always meet the same one of two.
    private uint _decodeTurn;
    private uint _prefillTurn;

    public InstanceTable(TodaySettings settings, TimeProvider time, DiscoveryTexts texts)
    {
        (_settings, _time, _texts) = (settings, time, texts);
        _lastChange = time.GetUtcNow();
        var every =
            settings.Discovery == DiscoveryBackend.File && settings.Lease > TimeSpan.Zero ? settings.ScanEvery : Timeout.InfiniteTimeSpan;
        _scan = time.CreateTimer(_ => Sweep(), null, every, every);
    }

    /// <summary>The models that can be asked for now, in order of name.</summary>
    public IReadOnlyList<string> Models =>
    [
        .. Asked(WorkerRole.Decode).Where(instance => !instance.Notice.NeedsPrefill || KnowsPrefill(instance.Notice.Model))
            .Select(instance => instance.Notice.Model).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Everything that discovery knows, dead or not.</summary>
    public IReadOnlyList<Instance> Known
    {
        get
        {
            lock (_gate)
            {
                Refresh();
                return _known;
            }
        }
    }

    /// <summary>The decode workers that discovery knows, dead or not.</summary>
    public IEnumerable<Instance> Decode => Known.Where(static instance => instance.Notice.Role == WorkerRole.Decode);

    /// <summary>Whether discovery knows a prefill worker of the model, dead or not.</summary>
    public bool KnowsPrefill(string model) =>
        Known.Any(instance => instance.Notice.Role == WorkerRole.Prefill && !instance.Leaving && instance.Notice.Model == model);

    /// <summary>The next worker of the role that has the model; null where none can be asked.</summary>
    public Instance? Next(WorkerRole role, string model)
    {
        var ready = Asked(role).Where(instance => instance.Notice.Model == model).ToList();
        ref var turn = ref role == WorkerRole.Prefill ? ref _prefillTurn : ref _decodeTurn;
        return ready.Count == 0 ? null : ready[(int)(Interlocked.Increment(ref turn) % (uint)ready.Count)];
    }

    /// <summary>An instance did not take a request: it is not asked until the next look at all.</summary>
    public void FoundDead(Instance instance)
    {
        lock (_gate)
        {
            _foundDead.Add(instance);
        }
    }

    public void Registered(string uid, ReadyNotice notice, GenerationClient client)
    {
        lock (_gate)
        {
            if (!_settings.HasLeases)
            {
                // One card a pod: the new process's takes the place of the old one's.
                Forget(_registered.Where(instance => instance.Uid == uid).ToList());
            }

            _registered.Add(new(++_lastId, uid, notice, client, _time.GetUtcNow() + _settings.Lease));
            Refresh();
        }
    }

    public void KeptLease(string uid, GenerationClient client)
    {
        lock (_gate)
        {
            foreach (var instance in _registered.Where(instance => instance.Client == client))
            {
                instance.LeaseUntil = _time.GetUtcNow() + _settings.Lease;
            }

            Sweep();
        }
    }

    public void Left(string uid, LinkLoss loss)
    {
        lock (_gate)
        {
            var left = _registered.Where(instance => instance.Uid == uid && !instance.Leaving).ToList();
            if (loss == LinkLoss.Bye)
            {
                left.ForEach(static instance => instance.Leaving = true);
                if (_settings.Discovery != DiscoveryBackend.Etcd)
                {
                    // Its requests in flight go on; it is only not known any more.
                    _registered.RemoveAll(left.Contains);
                }
            }

            Refresh();
        }
    }

    public void PodReady(string uid, bool ready)
    {
        lock (_gate)
        {
            _ = ready ? _readyPods.Add(uid) : _readyPods.Remove(uid);
            if (!ready && !_settings.HasLeases)
            {
                // A process that is gone registers anew when it is back; one that is only not ready is known again with its pod.
                Forget(_registered.Where(instance => instance.Uid == uid && instance.Client.IsClosed).ToList());
            }

            Refresh();
        }
    }

    public void Dispose() => _scan.Dispose();

    private List<Instance> Asked(WorkerRole role)
    {
        lock (_gate)
        {
            Refresh();
            return [.. _known.Where(instance => instance.Notice.Role == role && !instance.Leaving && !_foundDead.Contains(instance))];
        }
    }

    private void Forget(List<Instance> gone)
    {
        foreach (var instance in gone)
        {
            _registered.Remove(instance);
            instance.Dispose();
        }
    }

    /// <summary>Takes out what is over, and asks all again where that is due.</summary>
    private void Refresh()
    {
        var now = _time.GetUtcNow();
        if (_settings.Discovery == DiscoveryBackend.Etcd)
        {
            Forget(_registered.Where(instance => instance.LeaseUntil <= now || (instance.Leaving && instance.Client.IsClosed)).ToList());
        }

        var known = _registered.Where(instance => _settings.HasLeases || _readyPods.Contains(instance.Uid)).ToImmutableArray();
        if (!known.SequenceEqual(_known))
        {
            _known = known;
            _lastChange = now;
            _foundDead.Clear();
            Tell();
        }

        while (_settings.Reconcile > TimeSpan.Zero && now - _lastChange >= _settings.Reconcile)
        {
            _lastChange += _settings.Reconcile;
            _foundDead.Clear();
        }

        if (_settings.Discovery == DiscoveryBackend.Etcd && _registered.Count > 0)
        {
            var next = _registered.Min(instance => instance.LeaseUntil) - now;
            _scan.Change(next > TimeSpan.Zero ? next : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Forgets whose lease is over. With files each process that keeps one looks for that, whenever it keeps its own.</summary>
    private void Sweep()
    {
        lock (_gate)
        {
            if (_settings.HasLeases)
            {
                var now = _time.GetUtcNow();
                Forget(_registered.Where(instance => instance.LeaseUntil <= now).ToList());
            }

            Refresh();
        }
    }

    private void Tell()
    {
        var models = _known.Where(static instance => instance.Notice.Role == WorkerRole.Decode)
            .Select(instance => instance.Notice.Model).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToImmutableArray();
        foreach (var model in models.Except(_models, StringComparer.Ordinal))
        {
            _texts.Added(model);
        }

        foreach (var model in _models.Except(models, StringComparer.Ordinal))
        {
            _texts.Removed(model);
        }

        _models = models;
    }
}
