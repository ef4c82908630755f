using System.Collections.Immutable;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Bandwidth;
using FaultTolerance.Faults.BlackHole;
using FaultTolerance.Faults.CancelRequests;
using FaultTolerance.Faults.CordonNode;
using FaultTolerance.Faults.CpuHog;
using FaultTolerance.Faults.CrashLoop;
using FaultTolerance.Faults.CutApi;
using FaultTolerance.Faults.DeleteGracefully;
using FaultTolerance.Faults.DeletePod;
using FaultTolerance.Faults.DeleteSelected;
using FaultTolerance.Faults.DiskFill;
using FaultTolerance.Faults.DnsFailure;
using FaultTolerance.Faults.DrainNode;
using FaultTolerance.Faults.EvictPod;
using FaultTolerance.Faults.Heal;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Faults.Latency;
using FaultTolerance.Faults.Loss;
using FaultTolerance.Faults.MemoryHog;
using FaultTolerance.Faults.Overload;
using FaultTolerance.Faults.OwnCommand;
using FaultTolerance.Faults.Partition;
using FaultTolerance.Faults.ResetConnections;
using FaultTolerance.Faults.RestartContainer;
using FaultTolerance.Faults.RollingRestart;
using FaultTolerance.Faults.RollingUpgrade;
using FaultTolerance.Faults.Scale;
using FaultTolerance.Faults.StallProcess;
using FaultTolerance.Faults.TokenOverflow;
using FaultTolerance.Faults.Undo;
using FaultTolerance.Faults.Words;
using FaultTolerance.Faults.WrongConfig;
using FaultTolerance.Faults.WrongImage;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>The kinds of fault that a run knows.</summary>
internal sealed class FaultKinds
{
    /// <summary>A list of kinds, which have different words.</summary>
    public FaultKinds(params IEnumerable<IFaultKind> kinds)
    {
        All = [.. kinds];
        Words = new FaultWordbook(All.ToDictionary(kind => kind.Kind, kind => kind.Words, StringComparer.Ordinal));
    }

    /// <summary>Those of this tool: the one list of them.</summary>
    public static FaultKinds Standard { get; } = new(
        new KillProcessKind(),
        new DeletePodKind(),
        new StallProcessKind(),
        new CrashLoopKind(),
        new RestartContainerKind(),
        new DeleteGracefullyKind(),
        new EvictPodKind(),
        new ScaleKind(),
        new RollingRestartKind(),
        new RollingUpgradeKind(),
        new WrongImageKind(),
        new WrongConfigKind(),
        new OwnCommandKind(),
        new CpuHogKind(),
        new MemoryHogKind(),
        new DiskFillKind(),
        new CordonNodeKind(),
        new DrainNodeKind(),
        new DeleteSelectedKind(),
        new PartitionKind(),
        new LatencyKind(),
        new LossKind(),
        new BandwidthKind(),
        new ResetConnectionsKind(),
        new BlackHoleKind(),
        new DnsFailureKind(),
        new CutApiKind(),
        new OverloadKind(),
        new CancelRequestsKind(),
        new TokenOverflowKind(),
        new HealKind());

    /// <summary>All of them, in the order in which they are named to a reader.</summary>
    public ImmutableArray<IFaultKind> All { get; }

    /// <summary>What they say to people.</summary>
    public FaultWordbook Words { get; }

    /// <summary>Their part of scenarios.json.</summary>
    public ScenarioVocabulary Vocabulary => new() { Faults = [.. All] };

    /// <summary>The rights that any of them needs beyond those of every run, each once.</summary>
    public IEnumerable<Permission> Permissions => All.SelectMany(RightsOf).Where(right => !right.IsOfCluster).Distinct();

    /// <summary>The rights that a kind needs beyond those of every run: its own, and those to note its undo.</summary>
    public static IEnumerable<Permission> RightsOf(IFaultKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind is IUndoneFaultKind ? kind.Permissions.Concat(UndoBoard.Rights) : kind.Permissions;
    }

    /// <summary>The kind of a fault, which came from <see cref="Vocabulary"/>.</summary>
    public IFaultKind Of(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return All.First(kind => kind.Kind == fault.Kind);
    }

    /// <summary>The rights that failures need beyond those of every run, each once.</summary>
    public IEnumerable<Permission> PermissionsOf(IEnumerable<Failure> failures) => Used(failures).SelectMany(RightsOf).Distinct();

    /// <summary>The rights that failures need on the objects of graphs of a kind, each once.</summary>
    public IEnumerable<Permission> PermissionsOn(IEnumerable<Failure> failures, IGraphKind graphs) =>
        Used(failures).SelectMany(kind => kind.RightsOn(graphs)).Distinct();

    /// <summary>Sees that a cluster can carry a failure's faults out, before anything is deployed for it. Changes nothing.</summary>
    /// <exception cref="FaultMatrixException">FT0630: it cannot, with the reason.</exception>
    public async Task RequireAsync(Failure failure, ClusterSession session, FaultOptions options, CancellationToken cancellation)
    {
        foreach (var kind in Used([failure]))
        {
            if (await kind.RefusalAsync(session, options, cancellation) is { } why)
            {
                throw new FaultMatrixException("FT0630", $"{kind.Kind} cannot be made here, so nothing is deployed for it: {why}");
            }
        }
    }

    private IEnumerable<IFaultKind> Used(IEnumerable<Failure> failures) =>
        failures.SelectMany(failure => failure.Faults).Select(Of).Distinct();
}
