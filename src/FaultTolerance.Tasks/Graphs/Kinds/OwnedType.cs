using FaultTolerance.Cluster;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// A type of object that graphs of a kind consist of. What is removed, swept and asked permission for is taken from these and from nowhere
/// else.
/// </summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">Version; null stands for the one that the cluster serves first, and for no such objects where it serves
/// none.</param>
/// <param name="Plural">Name in the URL.</param>
/// <param name="Kind">Kind.</param>
internal sealed record OwnedType(string Group, string? Version, string Plural, string Kind)
{
    /// <summary>Whether this tool creates such objects; false where the cluster makes them of those that it creates.</summary>
    public bool IsCreated { get; init; } = true;

    /// <summary>What a run needs to deploy and remove such objects; nothing for those that the cluster makes.</summary>
    public IEnumerable<Permission> Rights => IsCreated ? Permission.ToDeploy(At("")) : [];

    /// <summary>An owned type of a fixed version.</summary>
    public static OwnedType Of(ResourceType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new OwnedType(type.Group, type.Version, type.Plural, type.Kind);
    }

    /// <summary>The type in its own version, or in the given one where it has none.</summary>
    public ResourceType At(string served) => new(Group, Version ?? served, Plural, Kind);

    /// <summary>Whether a type is this one, in whatever version.</summary>
    public bool Is(ResourceType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Group == Group && type.Plural == Plural;
    }
}
