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

    /// <summary>When requests are answered as before the first fault, whatever lasts still.</summary>
    Steady,

    /// <summary>When a request failed after the order of the fault before it.</summary>
    FirstError,

    /// <summary>When a log has a line with a text, from the order of the fault before it on.</summary>
    Log,

    /// <summary>When a metric of a pod is within bounds.</summary>
    Metric,

    /// <summary>When a share of the load's planned requests is over.</summary>
    Load,
}
