namespace FaultTolerance.LocalCluster.Api.Patching;

/// <summary>
/// Which lists a strategic merge patch merges, and by which member: the <c>patchMergeKey</c> of the API types that are
/// served here. A list that is not named here is replaced as a whole, as Kubernetes does for lists without a merge key.
/// </summary>
internal static class MergeKeys
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["ephemeralContainers"] = "name",
        ["env"] = "name",
        ["volumes"] = "name",
        ["volumeMounts"] = "mountPath",
        ["volumeDevices"] = "devicePath",
        ["conditions"] = "type",
        ["imagePullSecrets"] = "name",
        ["secrets"] = "name",
        ["ownerReferences"] = "uid",
        ["hostAliases"] = "ip",
        ["podIPs"] = "ip",
        ["topologySpreadConstraints"] = "topologyKey",
        ["addresses"] = "type",
        ["resourceClaims"] = "name",
    };

    /// <summary>The member by which items of a list are told apart; null for a list that is replaced.</summary>
    /// <param name="list">The list's member name.</param>
    /// <param name="parent">The member name that holds the list's map: ports of a container and of a service differ.</param>
    public static string? Of(string list, string parent) => list switch
    {
        "ports" => parent is "containers" or "initContainers" or "ephemeralContainers" ? "containerPort" : parent == "spec" ? "port" : null,
        _ => Keys.GetValueOrDefault(list),
    };

    /// <summary>Whether a list of plain values is merged as a set.</summary>
    public static bool IsSet(string list) => list == "finalizers";
}
