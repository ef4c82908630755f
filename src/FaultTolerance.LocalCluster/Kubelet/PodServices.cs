using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Network;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>What every pod of a kubelet shares.</summary>
internal sealed record PodServices(
    IObjectStore Store, KubeletOptions Options, Isolation Isolation, ProcessSpawner Spawner, ImageStore Images,
    ContainerEnvironment Environment, PodVolumes Volumes, ProbeActions Probes, PodListeners Listeners, EventRecorder Events,
    TimeProvider Time, ILogger Log)
{
    /// <summary>The network between pods that have networks of their own; null where they share the machine's.</summary>
    public PodNetworks? Networks { get; init; }
}
