using System.Globalization;
using System.Text;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Verbs;

/// <summary>How a list, watch or deletecollection asks.</summary>
/// <param name="Labels">Label selector.</param>
/// <param name="Fields">Field selector.</param>
/// <param name="Limit">At most so many items a page; null for all.</param>
/// <param name="Continue">Where the page begins.</param>
/// <param name="Version">The version asked for; null for the latest.</param>
/// <param name="Exact">Whether exactly that version is asked for.</param>
internal sealed record ListRequest(
    LabelSelector Labels, FieldSelector Fields, int? Limit = null, ContinueToken? Continue = null, long? Version = null, bool Exact = false)
{
    /// <summary>Everything, as it is now.</summary>
    public static ListRequest All { get; } = new(LabelSelector.All, FieldSelector.All);

    /// <summary>Whether every object matches.</summary>
    public bool SelectsAll => Labels.Requirements.Count == 0 && Fields.Terms.Count == 0;

    /// <summary>Whether a stored object matches.</summary>
    public bool Matches(byte[] json)
    {
        if (SelectsAll)
        {
            return true;
        }

        var value = MemoryStore.Parse(json);
        return Labels.Matches(value) && Fields.Matches(value);
    }
}

/// <summary>Where the next page of a list begins: the version that all pages are true at, and the last key that was given.</summary>
internal sealed record ContinueToken(long Version, ObjectKey After)
{
    /// <summary>Reads a token; 400 when it is none of ours.</summary>
    public static ContinueToken? Parse(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out var count)
            && Encoding.UTF8.GetString(bytes, 0, count).Split('/') is [var version, var @namespace, var name]
            && long.TryParse(version, CultureInfo.InvariantCulture, out var number))
        {
            return new(number, new(@namespace, name));
        }

        throw StoreErrors.BadRequest("continue key is not valid");
    }

    /// <inheritdoc/>
    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Version}/{After.Namespace}/{After.Name}"));
}

/// <summary>One page of a list.</summary>
/// <param name="Rows">The objects' stored JSON.</param>
/// <param name="Version">The version that it is true at.</param>
/// <param name="Continue">The next page's token, or null.</param>
/// <param name="Remaining">How many objects follow, where that is known.</param>
internal sealed record ListPage(IReadOnlyList<byte[]> Rows, long Version, string? Continue, int? Remaining);
