namespace FaultTolerance.Cluster.Observation;

/// <summary>What happened to an object of a watched collection.</summary>
/// <typeparam name="T">The object's type.</typeparam>
/// <param name="Kind">What happened.</param>
/// <param name="Object">Its last known state; null for <see cref="ChangeKind.Synced"/>.</param>
/// <param name="Key">Its uid.</param>
internal readonly record struct ResourceChange<T>(ChangeKind Kind, T? Object, string Key)
    where T : class;

/// <summary>Kinds of change.</summary>
internal enum ChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>No object: everything that was there at the time of the list has been reported.</summary>
    Synced,
}

/// <summary>Which objects of a collection.</summary>
/// <param name="Label">Label selector, or null.</param>
/// <param name="Field">Field selector, or null.</param>
internal readonly record struct Selector(string? Label = null, string? Field = null)
{
    /// <summary>Only the object of that name.</summary>
    public static Selector Named(string name) => new(Field: $"metadata.name={name}");

    /// <summary>The query of a call, with <paramref name="more"/> in front.</summary>
    internal string Query(string more)
    {
        var query = more;
        if (Label is not null)
        {
            query += $"&labelSelector={Uri.EscapeDataString(Label)}";
        }

        return Field is null ? query : $"{query}&fieldSelector={Uri.EscapeDataString(Field)}";
    }
}
