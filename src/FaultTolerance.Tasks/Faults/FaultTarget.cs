using System.Text.Json;
using FaultTolerance.Graphs.Pods;

namespace FaultTolerance.Faults;

/// <summary>Something that a fault hits: a node, an object, the way between two services.</summary>
/// <param name="Service">The service that is hit; empty for none.</param>
/// <param name="Name">What it is called.</param>
internal record FaultTarget(string Service, string Name)
{
    /// <summary>Writes the keys by which events name it.</summary>
    public virtual void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("service", Service);
        json.WriteString("target", Name);
    }
}

/// <summary>A pod, and the container in it that is meant.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Container">The container.</param>
internal sealed record PodTarget(GraphPod Pod, string Container) : FaultTarget(Pod.Service.Name, Pod.Name)
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("service", Service);
        json.WriteString("pod", Pod.Name);
        json.WriteString("uid", Pod.Uid);
        json.WriteString("container", Container);
    }
}
