namespace FaultTolerance.Cluster;

/// <summary>A right that a run needs in its namespace.</summary>
/// <param name="Verb">Kubernetes' verb.</param>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Resource">Plural name.</param>
/// <param name="Subresource">Subresource; empty for none.</param>
internal readonly record struct Permission(string Verb, string Group, string Resource, string Subresource = "")
{
    /// <summary>Whether it is on something that lies in no namespace; such a right is asked for by name, in a role of its own.</summary>
    public bool IsOfCluster { get; init; }

    private static readonly string[] DeployVerbs = ["get", "list", "watch", "create", "delete"];

    /// <summary>What every run needs, whatever its graph is made of.</summary>
    public static IReadOnlyList<Permission> ForRuns { get; } =
    [
        new("get", "", "pods"), new("list", "", "pods"), new("watch", "", "pods"), new("delete", "", "pods"),
        new("get", "", "pods", "log"),
        new("create", "", "pods", "portforward"), new("get", "", "pods", "portforward"),
        new("list", "", "endpoints"), new("watch", "", "endpoints"),
        new("list", "", "events"),
        new("get", "coordination.k8s.io", "leases"), new("create", "coordination.k8s.io", "leases"),
        new("update", "coordination.k8s.io", "leases"), new("delete", "coordination.k8s.io", "leases"),
    ];

    /// <summary>What a command in a container needs; servers differ in which of the two verbs they ask for.</summary>
    public static IReadOnlyList<Permission> ToExec { get; } = [new("create", "", "pods", "exec"), new("get", "", "pods", "exec")];

    /// <summary>What a load from the cluster needs: its Job, and the Secret with its plan, which is never read.</summary>
    public static IReadOnlyList<Permission> ForPodLoads { get; } =
    [
        new("create", "batch", "jobs"), new("list", "batch", "jobs"), new("delete", "batch", "jobs"), new("create", "", "secrets"),
    ];

    /// <summary>What a run needs to deploy and remove objects of a type.</summary>
    public static IEnumerable<Permission> ToDeploy(ResourceType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return DeployVerbs.Select(verb => new Permission(verb, type.Group, type.Plural));
    }

    /// <summary>What the verb is for, without it: <c>pods/log</c>, <c>deployments.apps</c>.</summary>
    public string ResourceName
    {
        get
        {
            var resource = Group.Length == 0 ? Resource : $"{Resource}.{Group}";
            return Subresource.Length == 0 ? resource : $"{resource}/{Subresource}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Verb} {ResourceName}";
}

/// <summary>A right, and whether the cluster grants it.</summary>
/// <param name="Permission">The right.</param>
/// <param name="Allowed">Whether it is granted.</param>
internal readonly record struct PermissionAnswer(Permission Permission, bool Allowed);
