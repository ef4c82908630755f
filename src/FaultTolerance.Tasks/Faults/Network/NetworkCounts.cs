namespace FaultTolerance.Faults.Network;

/// <summary>What the cluster, or tc in the pod, has counted under a fault so far.</summary>
/// <param name="Dropped">Packets that were dropped.</param>
/// <param name="Delayed">Packets, or pieces of answers, that had to wait.</param>
/// <param name="Resets">Connections that were reset.</param>
internal readonly record struct NetworkCounts(long Dropped, long Delayed, long Resets);
