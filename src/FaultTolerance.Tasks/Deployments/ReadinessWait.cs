using System.Globalization;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Deployments.Platform;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;
using k8s.Models;

namespace FaultTolerance.Deployments;

/// <summary>Waits until a graph that was created serves, says what it waits for, and gives up where waiting is no use.</summary>
/// <param name="session">Where.</param>
/// <param name="watch">The graph's watch.</param>
/// <param name="waiting">Told what is waited for, when nothing has changed for a while; null for nobody.</param>
internal sealed class ReadinessWait(ClusterSession session, GraphWatch watch, Action<string>? waiting)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Empty = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (long Since, string Reason)> _failing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _unready = new(StringComparer.Ordinal);
    private readonly List<string> _states = [];

    /// <summary>The default of <see cref="FailedPatience"/>.</summary>
    public static TimeSpan DefaultFailedPatience { get; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How long an object may say without a break that it failed. An operator says so of every reconcile that errs, and tries again.
    /// </summary>
    public TimeSpan FailedPatience { get; init; } = DefaultFailedPatience;

    /// <summary>The states that the graph's objects told of themselves so far, each once.</summary>
    public IReadOnlyList<string> States
    {
        get
        {
            lock (_states)
            {
                return [.. _states];
            }
        }
    }

    /// <summary>What is waited for at present: each object that is not ready keeps its own line.</summary>
    public string WaitingFor
    {
        get => _unready.IsEmpty ? field
            : string.Join("; ", _unready.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}, {pair.Value}"));
        set;
    } = "";

    /// <summary>Returns the model that answered.</summary>
    /// <exception cref="GraphFailedException">The graph says that it failed, is deleted, or has a container that will never be
    /// ready.</exception>
    public async Task<string> WhenServingAsync(IFrontendTransport transport, string? model, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var serving = ServeAsync(transport, model, stop.Token);
        var looking = LookAsync(stop.Token);
        try
        {
            // The one that looks never ends but by an error.
            await await Task.WhenAny(serving, looking);
            return await serving;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(serving, looking)
                .ContinueWith(
                    static t => _ = t.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
        }
    }

    private async Task<string> ServeAsync(IFrontendTransport transport, string? model, CancellationToken cancellation)
    {
        await Task.WhenAll(watch.Graph.Objects.Select(o => WhenReadyAsync(o, cancellation)));
        return await FrontendProbe.UntilAnsweredAsync(
            transport,
            model,
            session.Time,
            text => WaitingFor = $"the model to answer: {text}",
            cancellation
        );
    }

    private async Task WhenReadyAsync(GraphObject asked, CancellationToken cancellation)
    {
        await foreach (var change in session.WatchAsync<JsonObject>(asked.Type, Selector.Named(asked.Name), cancellation))
        {
            if (change.Kind == ChangeKind.Deleted)
            {
                throw new GraphFailedException("FT0403", $"failed: {asked.Type.Kind} '{asked.Name}' was deleted by somebody else");
            }

            if (change.Object is null)
            {
                continue;
            }

            var state = watch.Graph.Kind.Judge(asked, change.Object);
            Note(state.Word);
            if (state.State == ReadyState.Failed)
            {
                if (_failing.TryAdd(asked.Name, (session.Time.GetTimestamp(), state.Reason)))
                {
                    // An operator says so of every reconcile that errs; it is told once, and again only after a break.
                    waiting?.Invoke(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{asked.Type.Kind} '{asked.Name}' says since {session.Time.GetUtcNow():HH:mm:ss}Z that it failed, "
                            + $"{state.Reason}; it ends the row after {FailedPatience.TotalSeconds:0} s without a break"));
                }
                else
                {
                    _failing.AddOrUpdate(asked.Name, static _ => default, (_, known) => (known.Since, state.Reason));
                }
            }
            else
            {
                _failing.TryRemove(asked.Name, out _);
            }

            var name = $"{asked.Type.Kind} '{asked.Name}'";
            if (state.State == ReadyState.Ready)
            {
                _unready.TryRemove(name, out _);
                return;
            }

            _unready[name] = state.Reason;
        }
    }

    private void Note(string? word)
    {
        lock (_states)
        {
            if (word is not null && !_states.Contains(word))
            {
                _states.Add(word);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        IReadOnlyList<V1Pod> looked = [];
        var notice = new WaitNotice(session.Time, waiting, token => new LastWords(session).OfAsync(looked, token));
        var hopeless = new HopelessPods(session.Time);
        var from = session.Time.GetTimestamp();
        while (true)
        {
            await Task.Delay(Look, session.Time, cancellation);
            var pods = watch.Pods;
            looked = [.. pods.Select(p => p.Object)];
            var why = hopeless.Why(looked);

            // A graph without a pod waits for its operator: the stand-in's lies in this namespace and can be asked.
            if (why is null && pods.Count == 0 && session.Time.GetElapsedTime(from) > Empty)
            {
                looked = await OperatorAsync(cancellation);
                why = hopeless.Why(looked) is { } operators ? $"the stand-in's operator: {operators}" : null;
            }

            foreach (var (name, failing) in _failing)
            {
                if (session.Time.GetElapsedTime(failing.Since) is var lasted && lasted >= FailedPatience)
                {
                    throw new GraphFailedException(
                        "FT0403",
                        $"failed: '{name}' has said so for {lasted.TotalSeconds:0} s without a break, {failing.Reason}"
                    );
                }
            }

            if (why is not null)
            {
                throw new GraphFailedException("FT0411", $"will not become ready, {why}");
            }

            var waits = looked
                .Where(p => !PodTroubles.IsReady(p))
                .Select(p => $"{p.Metadata.Name}: {PodTroubles.Describe(p)}")
                .Take(2);
            await notice.WaitingAsync(string.Join("; ", [WaitingFor, .. waits]), cancellation);
        }
    }

    private async Task<IReadOnlyList<V1Pod>> OperatorAsync(CancellationToken cancellation)
    {
        try
        {
            return await session.ListAsync<V1Pod>(ResourceType.Pods, new Selector(Label: StandInPlatform.Selector), cancellation);
        }
        catch (ClusterException e) when (e.IsTransient)
        {
            return [];
        }
    }
}

/// <summary>A graph that will not serve; <see cref="GraphDeployer"/> adds what is known of its pods.</summary>
/// <param name="code">FT0403 or FT0411.</param>
/// <param name="message">What is wrong.</param>
internal sealed class GraphFailedException(string code, string message) : FaultMatrixException(code, message);
