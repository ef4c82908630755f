namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>A request path below <c>/api/v1</c> or <c>/apis/GROUP/VERSION</c>.</summary>
/// <param name="Group">API group.</param>
/// <param name="Version">API version.</param>
/// <param name="Namespace">Namespace, or null when the path names none.</param>
/// <param name="Plural">Resource.</param>
/// <param name="Name">Object, or null for the collection.</param>
/// <param name="Subresource">Subresource, or null.</param>
internal sealed record ResourcePath(string Group, string Version, string? Namespace, string Plural, string? Name, string? Subresource)
{
    /// <summary>Reads a path; null when it is no resource's.</summary>
    public static ResourcePath? Parse(string path)
    {
        var steps = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return steps switch
        {
            ["api", var version, .. var rest] when rest.Length > 0 => Below("", version, rest),
            ["apis", var group, var version, .. var rest] when rest.Length > 0 => Below(group, version, rest),
            _ => null,
        };
    }

    private static ResourcePath? Below(string group, string version, string[] steps) => steps switch
    {
        ["namespaces", var name, "finalize" or "status"] when group.Length == 0 => new(group, version, null, "namespaces", name, steps[2]),
        ["namespaces", var space, var plural] => new(group, version, space, plural, null, null),
        ["namespaces", var space, var plural, var name] => new(group, version, space, plural, name, null),
        ["namespaces", var space, var plural, var name, var sub] => new(group, version, space, plural, name, sub),
        [var plural] => new(group, version, null, plural, null, null),
        [var plural, var name] => new(group, version, null, plural, name, null),
        [var plural, var name, var sub] => new(group, version, null, plural, name, sub),
        _ => null,
    };
}
