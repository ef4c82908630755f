namespace FaultTolerance.Graphs;

/// <summary>The role of a service, from what its manifest says and from the names of both generations of manifests.</summary>
internal static class GraphRoles
{
    /// <summary>The frontend.</summary>
    public const string Frontend = "frontend";

    /// <summary>A worker that decodes, and in an aggregated graph does everything.</summary>
    public const string Decode = "decode";

    /// <summary>A worker that only fills the cache.</summary>
    public const string Prefill = "prefill";

    /// <summary>The role, lower case.</summary>
    /// <param name="name">Service name.</param>
    /// <param name="type"><c>componentType</c>, or v1beta1's <c>type</c>; may be null.</param>
    /// <param name="subType"><c>subComponentType</c>; may be null.</param>
    public static string Of(string name, string? type, string? subType)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (type?.ToLowerInvariant(), subType?.ToLowerInvariant()) switch
        {
            (_, Decode or Prefill) => subType!.ToLowerInvariant(),
            (Frontend or Decode or Prefill, _) => type!.ToLowerInvariant(),
            (null or "", _) => ByName(name),

            // A worker that does not prefill decodes, whatever its name.
            ("worker" or "main", _) => name.Contains(Prefill, StringComparison.OrdinalIgnoreCase) ? Prefill : Decode,
            _ => type!.ToLowerInvariant(),
        };
    }

    private static string ByName(string name)
    {
        if (name.Contains(Prefill, StringComparison.OrdinalIgnoreCase))
        {
            return Prefill;
        }

        if (name.Contains(Decode, StringComparison.OrdinalIgnoreCase) || name.Contains("worker", StringComparison.OrdinalIgnoreCase))
        {
            return Decode;
        }

        return name.ToLowerInvariant();
    }
}
