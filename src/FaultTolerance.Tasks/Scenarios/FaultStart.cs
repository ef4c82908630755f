namespace FaultTolerance.Scenarios;

/// <summary>What a fault's <see cref="Fault.After"/> counts from.</summary>
internal enum FaultStart
{
    /// <summary>The first request, or the time of the fault before it, whatever became of that.</summary>
    Time,

    /// <summary>When every fault before it has its proof, and is undone where it is one that lasts.</summary>
    Healed,

    /// <summary>As <see cref="Healed"/>, and every service has all its replicas ready.</summary>
    Ready,
}
