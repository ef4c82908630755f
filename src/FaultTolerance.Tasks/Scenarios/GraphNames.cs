using System.Security.Cryptography;
using System.Text;

namespace FaultTolerance.Scenarios;

/// <summary>
/// Names of graphs in the cluster: <c>ft-agg11-dwp-1f0a2</c> for <c>agg-tp-1-dp-1-decode_worker_pod</c>. A DNS label of at most
/// <see cref="MaxLength"/> characters, since the longest service (<c>vllmprefillworker</c>), a replica set's hash and a pod's suffix
/// are appended to it and the whole, as a host name and a label, may hold 63.
/// </summary>
internal static class GraphNames
{
    /// <summary>The most characters a name has.</summary>
    public const int MaxLength = 24;

    private const int HashLength = 5;

    /// <summary>
    /// The graph's name: a readable short form, and a hash of the scenario's whole name that keeps it apart from the others.
    /// </summary>
    public static string For(string deployment, string failure)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(failure);
        var slug = $"{ShortDeployment(deployment)}-{ShortFailure(failure)}";
        var room = MaxLength - "ft-".Length - 1 - HashLength;
        slug = slug[..Math.Min(slug.Length, room)].Trim('-');
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{deployment}-{failure}")))[..HashLength];
        return $"ft-{slug}-{hash}";
    }

    private static string ShortDeployment(string name) =>
        Label(name.Replace("-tp-", "", StringComparison.OrdinalIgnoreCase).Replace("-dp-", "", StringComparison.OrdinalIgnoreCase));

    private static string ShortFailure(string name) =>
        name.Contains('_', StringComparison.Ordinal)
            ? Label(string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(word => word[0])))
            : Label(name);

    private static string Label(string text) =>
        string.Concat(text.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c == '-')).Trim('-');
}
