using FaultTolerance.Artefacts.Events;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Faults;

/// <summary>Something that a fault hits: a node, an object, the way between two services.</summary>
/// <param name="Service">The service that is hit; empty for none.</param>
/// <param name="Name">What it is called.</param>
internal record FaultTarget(string Service, string Name)
{
    /// <summary>An event that names this target.</summary>
    public virtual T In<T>(T item)
        where T : FaultEvent => item with { Service = Service, Target = Name };
}

/// <summary>A pod, and the container in it that is meant.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Container">The container.</param>
internal sealed record PodTarget(GraphPod Pod, string Container) : FaultTarget(Pod.Service.Name, Pod.Name)
{
    /// <inheritdoc/>
    public override T In<T>(T item) => item with { Service = Service, Pod = Pod.Name, Uid = Pod.Uid, Container = Container };
}
