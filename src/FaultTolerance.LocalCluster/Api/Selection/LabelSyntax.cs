using System.Text.RegularExpressions;

namespace FaultTolerance.LocalCluster.Api.Selection;

/// <summary>What label keys and values, and object names, may look like (RFC 1123 and Kubernetes' rules on top).</summary>
internal static partial class LabelSyntax
{
    /// <summary>A label or annotation key: <c>[prefix/]name</c>.</summary>
    public static bool IsKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key[(slash + 1)..];
        return name.Length is > 0 and <= 63 && Qualified().IsMatch(name) && (slash < 0 || IsSubdomain(key[..slash]));
    }

    /// <summary>A label value: up to 63 characters, may be empty.</summary>
    public static bool IsValue(string value) => value.Length == 0 || (value.Length <= 63 && Qualified().IsMatch(value));

    /// <summary>A DNS subdomain: lower case, at most 253 characters.</summary>
    public static bool IsSubdomain(string name) => name.Length is > 0 and <= 253 && Subdomain().IsMatch(name);

    /// <summary>A DNS label: lower case, at most 63 characters, no dot.</summary>
    public static bool IsDnsLabel(string name) => name.Length is > 0 and <= 63 && DnsLabel().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Qualified();

    [GeneratedRegex(
        @"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DnsLabel();
}
