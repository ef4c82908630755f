using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>
/// The workers of the graph: which pods there are comes from the API server, whether one takes requests from the standing connection to
/// it, which breaks with the worker and not a probe's period later.
/// </summary>
internal sealed class WorkerRegistry(
    StandInSettings settings,
    ConsoleLog log,
    TimeProvider time,
    IWorkerDiscovery? discovery,
    CancellationToken stop
) : IResourceSink
{
    private const string Target = "dynamo_llm::discovery::watcher";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private ImmutableArray<WorkerLink> _decode = [];
    private ImmutableArray<string> _models = [];
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _listed;
    private int _readyWorkers;
    private uint _turn;
    private TaskCompletionSource _workerReady = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The models that a ready decode worker has, in order of name.</summary>
    public IReadOnlyList<string> Models => _models;

    /// <summary>Whether a worker whose pod is being deleted finishes what it has: those of today do.</summary>
    private bool Drains => discovery is not null;

    /// <summary>Number of decode workers that are ready.</summary>
    public int ReadyWorkers => Volatile.Read(ref _readyWorkers);

    /// <summary>Whether there has been a ready worker since the start.</summary>
    public bool HasFoundOne { get; private set; }

    /// <summary>The workers that have the model, each time beginning with the next one.</summary>
    public IReadOnlyList<WorkerLink> CandidatesFor(string model)
    {
        var ready = _decode.Where(link => link.Ready is { } notice && notice.Model == model && link.Client is not null).ToList();
        if (ready.Count == 0)
        {
            return ready;
        }

        var first = (int)(Interlocked.Increment(ref _turn) % (uint)ready.Count);
        return [.. ready.Skip(first), .. ready.Take(first)];
    }

    /// <summary>
    /// Completes when the pods have been listed and each decode worker among them was ready, or after <paramref name="within"/>.
    /// </summary>
    public async Task LookedAsync(TimeSpan within, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await _looked.Task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Completes when the next worker becomes ready, or after <see cref="StandInSettings.Patience"/>.</summary>
    /// <returns>Whether one became ready.</returns>
    public async ValueTask<bool> NextReadyAsync(CancellationToken cancellation)
    {
        if (settings.Patience == TimeSpan.Zero)
        {
            return false;
        }

        var ready = Volatile.Read(ref _workerReady).Task;
        try
        {
            // A worker may have become ready after the caller looked and before the task above was taken.
            if (ReadyWorkers == 0)
            {
                await ready.WaitAsync(settings.Patience, time, cancellation);
            }

            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Replace(IReadOnlyList<JsonObject> items)
    {
        lock (_gate)
        {
            var pods = items
                .Select(item => WorkerPod.TryRead(item, Drains))
                .OfType<WorkerPod>()
                .ToDictionary(pod => pod.Uid, StringComparer.Ordinal);
            foreach (var gone in _entries.Keys.Where(uid => !pods.ContainsKey(uid)).ToList())
            {
                End(gone);
            }

            foreach (var pod in pods.Values)
            {
                Begin(pod);
            }

            TellPeers();
            _listed = true;
            LookedWhenAllReady();
        }
    }

    public void Put(JsonObject item)
    {
        lock (_gate)
        {
            if (WorkerPod.TryRead(item, Drains) is { } pod)
            {
                Begin(pod);
            }
            else
            {
                End(UidOf(item));
            }

            TellPeers();
        }
    }

    public void Remove(JsonObject item)
    {
        lock (_gate)
        {
            End(UidOf(item));
            TellPeers();
        }
    }

    private static string UidOf(JsonObject item) => item["metadata"]?["uid"]?.GetValue<string>() ?? "";

    private void Begin(WorkerPod pod)
    {
        discovery?.PodReady(pod.Uid, pod.Ready);
        if (_entries.TryGetValue(pod.Uid, out var known))
        {
            if (known.Pod.Address.Equals(pod.Address))
            {
                return;
            }

            End(pod.Uid);
        }

        // Prefill workers are asked by the decode workers; the frontend passes their addresses on and, today, must know of them.
        var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var link = new WorkerLink(new IPEndPoint(pod.Address, settings.RequestPort), time, OnReady, OnLost, OnAlive) { Uid = pod.Uid };
        _entries[pod.Uid] = new(pod, link, end);
        if (pod.Role == WorkerRole.Decode)
        {
            _decode = _decode.Add(link);
        }

        if (pod.Role == WorkerRole.Decode || discovery is not null)
        {
            _ = link.RunAsync(end.Token);
        }
    }

    private void End(string uid)
    {
        discovery?.PodReady(uid, ready: false);
        if (_entries.Remove(uid, out var entry))
        {
            _decode = _decode.Remove(entry.Link);
            _readyWorkers = CountReady();
            entry.Stop.Cancel();
            entry.Stop.Dispose();
        }
    }

    private void TellPeers()
    {
        var peers = string.Join(
            ' ',
            _entries
                .Values.Where(entry => entry.Pod.Role == WorkerRole.Prefill)
                .Select(entry => entry.Pod.Address.ToString())
                .Order(StringComparer.Ordinal)
        );
        foreach (var entry in _entries.Values.Where(entry => entry.Pod.Role == WorkerRole.Decode))
        {
            _ = entry.Link.GreetAsync($"{WorkerNotice.Peers} {peers}", entry.Stop.Token).AsTask();
        }
    }

    private void LookedWhenAllReady()
    {
        if (_listed && CountReady() == _decode.Length)
        {
            _looked.TrySetResult();
        }
    }

    private int CountReady() => _decode.Count(link => link.Ready is not null);

    private void OnReady(WorkerLink link)
    {
        if (link is { Ready: { } notice, Client: { } client })
        {
            log.Info(Target, $"worker {notice.Pod} ready");
            discovery?.Registered(link.Uid, notice, client);
        }

        UpdateModels();
        Interlocked.Exchange(ref _workerReady, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private void OnLost(WorkerLink link, ReadyNotice was, LinkLoss loss)
    {
        log.Warn(Target, $"worker {was.Pod} lost ({loss})");
        discovery?.Left(link.Uid, loss);
        UpdateModels();
    }

    private void OnAlive(WorkerLink link)
    {
        if (link.Client is { } client)
        {
            discovery?.KeptLease(link.Uid, client);
        }
    }

    private void UpdateModels()
    {
        lock (_gate)
        {
            var now = _decode
                .Select(link => link.Ready?.Model)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .ToImmutableArray();
            if (discovery is null)
            {
                TellModels(now);
            }

            _models = now;
            _readyWorkers = CountReady();
            LookedWhenAllReady();
            HasFoundOne |= now.Length > 0;
        }
    }

    private void TellModels(ImmutableArray<string> now)
    {
        foreach (var model in now.Except(_models, StringComparer.Ordinal))
        {
            log.Info(Target, $"added model {model}");
        }

        foreach (var model in _models.Except(now, StringComparer.Ordinal))
        {
            log.Info(Target, $"removed model {model}");
        }
    }

    private sealed record Entry(WorkerPod Pod, WorkerLink Link, CancellationTokenSource Stop);
}
