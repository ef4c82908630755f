namespace FaultTolerance.LocalCluster.Storage;

/// <summary>Where an object stands among those of its type.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>By namespace, then name, both ordinal: the order of a list.</summary>
    public static IComparer<ObjectKey> Order { get; } = Comparer<ObjectKey>.Create(static (a, b) =>
        string.CompareOrdinal(a.Namespace, b.Namespace) is var first and not 0 ? first : string.CompareOrdinal(a.Name, b.Name));
}
