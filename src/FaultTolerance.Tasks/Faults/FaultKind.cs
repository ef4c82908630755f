using System.Collections.Immutable;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Words;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults;

/// <summary>A kind with a record of its own for its faults.</summary>
/// <typeparam name="TFault">The record.</typeparam>
internal abstract class FaultKind<TFault> : IFaultKind
    where TFault : Fault
{
    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <inheritdoc/>
    public abstract FaultAim Aim { get; }

    /// <inheritdoc/>
    public abstract string Proof { get; }

    /// <inheritdoc/>
    public virtual string? Needs => null;

    /// <inheritdoc/>
    public virtual Task<string?> RefusalAsync(ClusterSession session, FaultOptions options, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public virtual bool NeedsPodNetworks => false;

    /// <inheritdoc/>
    public virtual IEnumerable<Permission> RightsOn(IGraphKind graphs) => [];

    /// <inheritdoc/>
    public virtual ImmutableArray<FaultKey> Keys => [];

    /// <inheritdoc/>
    public Type Record => typeof(TFault);

    /// <inheritdoc/>
    public abstract IFaultWords Words { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<Permission> Permissions => [];

    /// <inheritdoc/>
    public abstract Fault Read(ObjectReader item);

    /// <inheritdoc/>
    public FaultPlan Plan(Fault fault, Graph graph) => Plan((TFault)fault, graph);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<string>> NamesAsync(PlanSight sight, Fault fault, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc/>
    public virtual bool OneAfterAnother => false;

    /// <inheritdoc/>
    public IReadOnlyList<FaultTarget> Targets(FaultScene scene, Fault fault) => Targets(scene, (TFault)fault);

    /// <inheritdoc/>
    public virtual Task PrepareAsync(FaultScene scene, FaultTarget target, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<FaultProof> InjectAsync(FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        return InjectAsync(context, (TFault)context.Fault, cancellation);
    }

    /// <inheritdoc cref="IFaultKind.Plan"/>
    protected abstract FaultPlan Plan(TFault fault, Graph graph);

    /// <inheritdoc cref="IFaultKind.Targets"/>
    protected abstract IReadOnlyList<FaultTarget> Targets(FaultScene scene, TFault fault);

    /// <inheritdoc cref="IFaultKind.InjectAsync"/>
    protected abstract Task<FaultProof> InjectAsync(FaultContext context, TFault fault, CancellationToken cancellation);
}
