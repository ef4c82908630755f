using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>What the frontend's connections and the watch of the pods tell of decode workers.</summary>
internal interface IWorkerDiscovery
{
    /// <summary>The worker of the pod takes requests on this connection.</summary>
    void Registered(string uid, ReadyNotice notice, GenerationClient client);

    /// <summary>The worker is alive.</summary>
    void KeptLease(string uid, GenerationClient client);

    /// <summary>The worker takes no more requests.</summary>
    void Left(string uid, LinkLoss loss);

    /// <summary>Whether the pod is a ready endpoint; not where it is being deleted or gone.</summary>
    void PodReady(string uid, bool ready);
}
