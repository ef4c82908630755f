using FaultTolerance.Graphs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Clients;

/// <summary>A kind whose faults are requests of clients beside the load.</summary>
/// <typeparam name="TFault">The record of its faults.</typeparam>
internal abstract class ClientFaultKind<TFault> : FaultKind<TFault>
    where TFault : Fault
{
    /// <inheritdoc/>
    public sealed override FaultAim Aim => FaultAim.Other;

    /// <inheritdoc/>
    protected override FaultPlan Plan(TFault fault, Graph graph)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(graph);
        return new FaultPlan($"{Words.Plan(fault)} to graph {graph.Name}", Words.PlanShort(fault), "");
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<string>> NamesAsync(PlanSight sight, Fault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sight);
        return Task.FromResult<IReadOnlyList<string>>([$"no pod, but the frontends of graph {sight.Graph.Name} with requests"]);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<FaultTarget> Targets(FaultScene scene, TFault fault)
    {
        ArgumentNullException.ThrowIfNull(scene);
        return [new FaultTarget("", scene.Watch.Graph.Name)];
    }
}
