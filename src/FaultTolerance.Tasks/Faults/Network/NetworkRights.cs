using FaultTolerance.Cluster;

namespace FaultTolerance.Faults.Network;

/// <summary>What faults of the network need beyond the rights of every run.</summary>
internal static class NetworkRights
{
    /// <summary>To try connections from within pods.</summary>
    public static IReadOnlyList<Permission> ToTry { get; } = [new("create", "", "pods", "exec"), new("get", "", "pods", "exec")];

    /// <summary>To break the network of a pod: by a container that is lent to it, or by a NetworkFault of a cluster that has them.</summary>
    public static IReadOnlyList<Permission> ToBreak { get; } =
    [
        .. ToTry,
        new("patch", "", "pods", "ephemeralcontainers"),
        .. new[] { "create", "get", "delete" }.Select(verb =>
            new Permission(verb, ResourceType.NetworkFaults.Group, ResourceType.NetworkFaults.Plural)),
    ];
}
