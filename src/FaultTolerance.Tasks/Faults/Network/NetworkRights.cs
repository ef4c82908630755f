using FaultTolerance.Cluster;

namespace FaultTolerance.Faults.Network;

/// <summary>What faults of the network need beyond the rights of every run.</summary>
internal static class NetworkRights
{
    /// <summary>To break the network of a pod: by a container lent to it, or by a NetworkFault where a cluster has them.</summary>
    public static IReadOnlyList<Permission> ToBreak { get; } =
    [
        .. Permission.ToExec,
        new("patch", "", "pods", "ephemeralcontainers"),
        .. new[] { "create", "get", "delete" }.Select(verb =>
            new Permission(verb, ResourceType.NetworkFaults.Group, ResourceType.NetworkFaults.Plural)),
    ];
}
