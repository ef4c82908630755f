namespace FaultTolerance.LocalCluster.Storage;

/// <summary>A kind of resource as the API paths name it: group (empty for the core group) and plural.</summary>
/// <param name="Group">API group, <c>""</c> for core.</param>
/// <param name="Plural">Plural resource name, <c>pods</c>.</param>
internal readonly record struct ResourceType(string Group, string Plural)
{
    /// <summary>The core group's resource of that plural.</summary>
    public static ResourceType Core(string plural) => new("", plural);

    /// <inheritdoc/>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>The address of one object.</summary>
/// <param name="Type">Its resource type.</param>
/// <param name="Namespace">Its namespace, <c>""</c> for cluster-scoped objects.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ResourceId(ResourceType Type, string Namespace, string Name);
